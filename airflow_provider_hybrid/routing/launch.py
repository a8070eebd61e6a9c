"""A launch: one DAG run that a route asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from airflow_provider_hybrid.routing.expectation import Deadline
from airflow_provider_hybrid.routing.window import Window


@dataclass(frozen=True)
class Launch:
    """A DAG run that a route asks for.

    Its ``repr`` shows neither conf nor note: what an event holds does not belong in a log.

    Args:
        route: The route's name.
        trigger_dag_id: The DAG to run.
        trigger_run_id: The run's id, the same at each try, so that the run starts once.
        conf: All that the run needs.
        note: The reason for the run, for people, as the route's author writes it; at most 1,000 characters.
            None if the route has no note, or if this one could not be made.
        max_events: The most launches of this route that may become one run; None for a run of its own.
        event_id: The id of the event that asks for the run; None if several events share the run.
        due_at: The moment before which the run does not start, in seconds since 1970; 0 for at once.
        window: The window whose events share the run; None if the route has none.
        is_paced: Whether it is due so late because of the route's ``max_runs_per_minute``.
        meets: The deadlines for which its events count.
    """

    route: str
    trigger_dag_id: str
    trigger_run_id: str
    conf: dict[str, Any] = field(hash=False, repr=False)
    note: str | None = field(default=None, repr=False)
    max_events: int | None = None
    event_id: str | None = None
    due_at: float = 0
    window: Window | None = None
    is_paced: bool = False
    meets: tuple[Deadline, ...] = ()
