"""What became of the events of a stream: one DAG run for each of them and each partner, or not."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.harness.versions import CREATED_AT
from tests.harness.wait import wait_until
from tests.system.events import route

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from tests.demo.cloud import Cloud
    from tests.system.database import Database
    from tests.system.faults.stream import Stream

PARTNERS = ("ledger_a", "ledger_b")
"""Two partner DAGs that both want every event."""

HYBRID = "hybrid"

_RUNS = f"""
    SELECT dag_id, conf->>'event_id', COALESCE({CREATED_AT}, queued_at)
    FROM dag_run WHERE dag_id = ANY(%(dags)s) AND conf->>'event_id' = ANY(%(events)s)
"""  # noqa: S608 - our own words

_RECORDED = """
    SELECT DISTINCT conf ->> 'event_id' FROM dag_run
    WHERE conf ->> 'event_id' = ANY(%(events)s) AND dag_run.run_id IN (
        SELECT run ->> 'run_id'
        FROM xcom, jsonb_array_elements(value) line, jsonb_array_elements(line -> 'runs') run
        WHERE key LIKE 'hybrid_record_%%' AND line ->> 'outcome' <> 'waiting'
    )
"""
"""The events of which a run stands in a line that tells of a message's end."""


@dataclass(frozen=True)
class Row:
    """One fault, and what it cost. Runs are counted for each pair of an event and a partner."""

    fault: str
    contender: str
    events: int
    lost: int
    """Pairs without a run, though the queue holds nothing that could still start it."""
    twice: int
    """Pairs with more than one run."""
    delay: float
    """Longest time in seconds from sending an event to the creation of its first run."""
    waiting: int = 0
    """Messages that the queue still holds, when patience has ended."""
    unrecorded: int | None = None
    """Events without a line in the record that tells of their end; None if nobody keeps a record."""

    @property
    def flawless(self) -> bool:
        """Whether each event has its runs, once, and the queue is empty."""
        return not (self.lost or self.twice or self.waiting)


def counted_route(dag_id: str) -> dict[str, Any]:
    """Return a route to a partner, in the way that its runs can be counted: by ``conf.event_id``."""
    return {**route(dag_id), "conf": {"event_id": "{{ event.id }}"}}


def routes_for_launch() -> list[dict[str, Any]]:
    """Return routes to the partners, and to a third DAG for every other event of a stream.

    So what comes together asks for different sets of DAGs: it is two groups, for two instances of `launch`.
    """
    odd = {"event_pattern": {"detail": {"number": [*range(1, 1000, 2)]}}}
    return [*map(counted_route, PARTNERS), {**counted_route("ledger_c"), **odd}]


class Ledger:
    """Compares the events that were sent with the DAG runs that exist."""

    def __init__(self, database: Database, cloud: Cloud, partners: Sequence[str] = PARTNERS) -> None:
        """Choose what to look at.

        Args:
            database: Where the runs are.
            cloud: The queue that the events went to.
            partners: The DAGs that each event starts, one run each; ``conf.event_id`` names the event.
        """
        self._database = database
        self._cloud = cloud
        self._partners = list(partners)

    def runs(self, stream: Stream) -> dict[tuple[str, str], list[datetime]]:
        """Return when each run was created, by event and partner; the oldest first."""
        runs: dict[tuple[str, str], list[datetime]] = {
            (event, dag): [] for event in stream.sent for dag in self._partners
        }
        for dag, event, created in self._rows(stream.sent):
            runs[event, dag].append(created)
        return {pair: sorted(created) for pair, created in runs.items()}

    def started(self, events: Iterable[str]) -> int:
        """Return how many runs exist for some events."""
        return len(self._rows(events))

    def settle(
        self,
        stream: Stream,
        fault: str,
        *,
        contender: str = HYBRID,
        patience: float = 200,
        at_most: float = 420,
    ) -> Row:
        """Wait until the queue is empty and every event has its runs, then count.

        Args:
            stream: It must have ended.
            fault: What happened, in words.
            contender: Whom it happened to.
            patience: Give up waiting when nothing has moved for so many seconds: longer than the second pause
                of a message that is refused twice.
            at_most: Give up waiting after so many seconds in any case.
        """
        with suppress(TimeoutError):
            wait_until(_Calm(self, stream, patience), at_most, "all events to be settled", every=1)
        return self.count(stream, fault, contender)

    def count(self, stream: Stream, fault: str, contender: str = HYBRID) -> Row:
        """Count what has become of the events of a stream by now."""
        waiting, missing, _ = self.look(stream)
        twice = sum(len(created) > 1 for created in self.runs(stream).values())
        return Row(
            fault=fault,
            contender=contender,
            events=len(stream.sent),
            lost=max(0, missing - waiting * len(self._partners)),
            twice=twice,
            delay=self.longest_delay(stream),
            waiting=waiting,
            unrecorded=self._unrecorded(stream) if contender == HYBRID else None,
        )

    def look(self, stream: Stream) -> tuple[int, int, int]:
        """Return the messages in the queue, the pairs without a run, and the number of runs."""
        runs = self.runs(stream).values()
        return self._cloud.backlog(), sum(not created for created in runs), sum(map(len, runs))

    def _unrecorded(self, stream: Stream) -> int:
        """Count the events without a line. A task deletes messages first, and writes their lines then."""

        def missing() -> int:
            return len(stream.sent) - len(self._database.rows(_RECORDED, events=list(stream.sent)))

        with suppress(TimeoutError):
            wait_until(lambda: not missing(), 10, "the lines of all events")
        return missing()

    def _rows(self, events: Iterable[str]) -> list[tuple[Any, ...]]:
        return self._database.rows(_RUNS, dags=self._partners, events=list(events))

    def longest_delay(self, stream: Stream, moments: Sequence[datetime] = ()) -> float:
        """Return the longest time in seconds from sending an event to the creation of its first run.

        Args:
            stream: Its events.
            moments: Where one of these lies in between, the time counts from the last such moment.
        """
        delays = [
            created[0]
            - max((at for at in (stream.sent[event], *moments) if at < created[0]), default=created[0])
            for (event, _), created in self.runs(stream).items()
            if created
        ]
        return round(max(delays, default=timedelta()).total_seconds(), 1)


class _Calm:
    """Whether there is nothing to wait for any more: all is settled, or nothing has moved for long."""

    def __init__(self, ledger: Ledger, stream: Stream, patience: float) -> None:
        self._ledger = ledger
        self._stream = stream
        self._patience = patience
        self._seen = (0, 0, 0)
        self._since = time.monotonic()

    def __call__(self) -> bool:
        look = self._ledger.look(self._stream)
        if look != self._seen:
            self._seen, self._since = look, time.monotonic()
        backlog, missing, _ = look
        return not (backlog or missing) or time.monotonic() - self._since >= self._patience
