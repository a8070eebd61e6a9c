"""What a dispatcher has done lately, by its record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from statistics import quantiles
from typing import Any

from airflow_provider_hybrid.record.line import OUTCOMES, Outcome
from airflow_provider_hybrid.record.read import Question, newest, read_keys

SAMPLE = 1000
"""The most messages, the newest ones, whose delays are looked at."""

PARTS = 30
"""The equal parts of the span, each of which is counted apart."""


@dataclass(frozen=True)
class Part:
    """What a dispatcher has done in a part of the span.

    Args:
        begin: When the part begins, in seconds since 1970.
        end: When it ends.
        outcomes: How many deliveries of messages had which outcome; outcomes that none had are left out.
    """

    begin: float
    end: float
    outcomes: Mapping[Outcome, int]

    @property
    def total(self) -> int:
        """How many deliveries that are."""
        return sum(self.outcomes.values())


@dataclass(frozen=True)
class Lately:
    """What a dispatcher has done in a span of time.

    Args:
        outcomes: How many deliveries of messages had which outcome.
        parts: The same over time, the oldest first.
        median: The median of the seconds from sending a message until its runs existed; None without any.
        p95: Their 95th percentile; None without any.
    """

    outcomes: Mapping[Outcome, int]
    parts: Sequence[Part]
    median: float | None = None
    p95: float | None = None


def lately(session: Any, dag_id: str, since: datetime) -> Lately:
    """Read a dispatcher's record.

    Args:
        session: A session of Airflow's database.
        dag_id: The dispatcher.
        since: The beginning of the span, which ends now.
    """
    parts = _parts(session, Question({dag_id}, since))
    outcomes = {outcome: sum(part.outcomes.get(outcome, 0) for part in parts) for outcome in OUTCOMES}
    only_started: tuple[Outcome, ...] = ("started",)
    started = newest(session, Question({dag_id}, since, outcomes=only_started), SAMPLE)
    delays = sorted(
        entry.line.settled_at - entry.line.sent_at for entry in started if entry.line.sent_at is not None
    )
    if not delays:
        return Lately(outcomes, parts)
    twentieths = quantiles(delays, n=20, method="inclusive") if len(delays) > 1 else delays * 19
    return Lately(outcomes, parts, round(twentieths[9], 3), round(twentieths[18], 3))


def _parts(session: Any, question: Question) -> list[Part]:
    begin = question.since.timestamp()
    width = (datetime.now(tz=timezone.utc).timestamp() - begin) / PARTS
    counts: list[Counter[Outcome]] = [Counter() for _ in range(PARTS)]
    for key in read_keys(session, question):
        # The clock of the worker that wrote the line may be ahead.
        counts[min(int((key.moment - begin) / width), PARTS - 1)][key.outcome] += key.count
    return [
        Part(
            begin + number * width,
            begin + (number + 1) * width,
            {outcome: count[outcome] for outcome in OUTCOMES if count[outcome]},
        )
        for number, count in enumerate(counts)
    ]
