"""What became of the events of a load: a run for each of them, or not."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from tests.benchmark.calm import end_runs

if TYPE_CHECKING:
    from tests.benchmark.contenders import Contender, Sent

PATIENCE = 45
"""Seconds without a new run after which no more is expected: longer than a message's visibility timeout."""

_AT_MOST = 1200
_COUNT = """
    SELECT COALESCE(sum(COALESCE(jsonb_array_length(conf::jsonb -> 'events'), 1)), 0)
    FROM dag_run WHERE dag_id = ANY(%(dags)s) AND created_at >= %(since)s
"""
_RUNS = """
    SELECT COALESCE(event.conf ->> 'event_id', run.conf ->> 'event_id'), run.run_id, run.created_at
    FROM dag_run AS run
    LEFT JOIN LATERAL jsonb_array_elements(run.conf::jsonb -> 'events') AS event(conf) ON true
    WHERE run.dag_id = ANY(%(dags)s) AND run.created_at >= %(since)s
"""
_STARTS = """
    SELECT count(*) FROM log
    WHERE event = 'running' AND dag_id = ANY(%(dags)s) AND dttm >= %(since)s
"""


@dataclass(frozen=True)
class Outcome:
    """When the runs of each event were created, and how many processes it took."""

    sent: Sent
    sent_until: datetime
    """When the last of them had been sent."""
    runs: dict[str, dict[str, datetime]]
    """When each run was created, by event and run id; several events share a run where they are batched."""
    processes: int

    @property
    def missing(self) -> int:
        """Events without a run."""
        return sum(not runs for runs in self.runs.values())

    @property
    def twice(self) -> int:
        """Events with more than one run."""
        return sum(len(runs) > 1 for runs in self.runs.values())


def await_outcome(
    contender: Contender, sent: Sent, sent_until: datetime, since: datetime, *, ends_runs: bool
) -> Outcome:
    """Wait until every event has its run and the contender has come to rest, or nothing moves any more.

    Args:
        contender: Who got them.
        sent: The events.
        sent_until: When all of them had been sent.
        since: When the load began.
        ends_runs: Whether to end runs as soon as they are seen, and not only when there are all.
    """
    world = contender.world
    seen, seen_at = (-1, -1), monotonic()

    def settled() -> bool:
        nonlocal seen, seen_at
        if ends_runs:
            end_runs(world, contender.partners)
        [(runs,)] = world.database.rows(_COUNT, dags=contender.partners, since=since)
        look = (int(runs), contender.backlog())
        if look != seen:
            seen, seen_at = look, monotonic()
        return (look[0] >= len(sent) and not look[1]) or monotonic() - seen_at > PATIENCE

    with suppress(TimeoutError):
        world.wait(settled, _AT_MOST, f"{len(sent)} events to have their runs")
    end_runs(world, contender.partners)
    contender.wait_until_calm()
    runs: dict[str, dict[str, datetime]] = {event: {} for event in sent}
    for event, run_id, created_at in world.database.rows(_RUNS, dags=contender.partners, since=since):
        if event in runs:  # and not of an earlier load
            runs[event][run_id] = created_at
    return Outcome(sent, sent_until, runs, count_processes(contender, since))


def count_processes(contender: Contender, since: datetime) -> int:
    """Count how often a worker process has begun or gone on with a task of a contender.

    The source is Airflow's audit log: the Execution API writes a row ``running`` whenever a process reports
    that it takes a task, the first time, after a deferral and at every try (``ti_run`` in
    ``airflow.api_fastapi.execution_api.routes.task_instances``).
    """
    [(starts,)] = contender.world.database.rows(_STARTS, dags=contender.dag_ids, since=since)
    return int(starts)
