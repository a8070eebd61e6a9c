"""What a dispatcher has done lately, by its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles
from typing import Any

from airflow_provider_hybrid.record.line import Outcome
from airflow_provider_hybrid.record.read import Question, count_lines, newest

SAMPLE = 1000
"""The most messages, the newest ones, whose delays are looked at."""


@dataclass(frozen=True)
class Lately:
    """What a dispatcher has done in a span of time.

    Args:
        outcomes: How many deliveries of messages had which outcome.
        median: The median of the seconds from sending a message until its runs existed; None without any.
        p95: Their 95th percentile; None without any.
    """

    outcomes: Mapping[Outcome, int]
    median: float | None = None
    p95: float | None = None


def lately(session: Any, dag_id: str, since: datetime) -> Lately:
    """Read a dispatcher's record.

    Args:
        session: A session of Airflow's database.
        dag_id: The dispatcher.
        since: The beginning of the span, which ends now.
    """
    outcomes = count_lines(session, Question({dag_id}, since))
    only_started: tuple[Outcome, ...] = ("started",)
    started = newest(session, Question({dag_id}, since, outcomes=only_started), SAMPLE)
    delays = sorted(
        entry.line.settled_at - entry.line.sent_at for entry in started if entry.line.sent_at is not None
    )
    if not delays:
        return Lately(outcomes)
    twentieths = quantiles(delays, n=20, method="inclusive") if len(delays) > 1 else delays * 19
    return Lately(outcomes, round(twentieths[9], 3), round(twentieths[18], 3))
