"""What is expected, and whether it came."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import select

from airflow_provider_hybrid.compat.database import DagRun
from airflow_provider_hybrid.exceptions import ConfigError
from airflow_provider_hybrid.routing.expectation import Deadline, Expectation
from airflow_provider_hybrid.view.status import configuration_in

SPAN = timedelta(days=7).total_seconds()
"""How far to look for the last deadline and for the next one: each day of the week comes in it."""

DeadlineState = Literal["came", "came late", "missing", "awaited", "unknown"]
"""Whether an event came for a deadline.

- ``came``: in time;
- ``came late``: after the deadline;
- ``missing``: the deadline has passed, and none came;
- ``awaited``: the deadline is still to come;
- ``unknown``: nobody has looked: the DAG of the expectations is paused, missing or new.
"""


@dataclass(frozen=True)
class DeadlineView:
    """A deadline, and whether an event came for it.

    Args:
        moment: The deadline, in seconds since 1970.
        state: Whether an event came.
        dag_id: The DAG of the run that stands for it.
        run_id: That run; it may not exist yet.
    """

    moment: float
    state: DeadlineState
    dag_id: str
    run_id: str


@dataclass(frozen=True)
class ExpectationView:
    """An expectation, as people see it.

    Args:
        name: Its name.
        route: The route's name.
        by: The time of day and the time zone.
        subject: The subject of the events that count, a template; None for any.
        last: Its last deadline; None if there was none in the last week.
        next: Its next one; None if there is none in the next week.
    """

    name: str
    route: str
    by: str
    subject: str | None
    last: DeadlineView | None
    next: DeadlineView | None


def expectations_in(session: Any, variable: str) -> list[ExpectationView]:
    """Look up what a dispatcher's Variable expects; nothing if it cannot be read, as its status says why.

    Args:
        session: A session of Airflow's database.
        variable: The Variable.
    """
    try:
        config = configuration_in(variable)
    except ConfigError:
        return []
    return expectations_of(session, config.expectations, time.time())


def expectations_of(session: Any, expectations: Sequence[Expectation], now: float) -> list[ExpectationView]:
    """Look up the runs that stand for the last and the next deadline of each expectation.

    Args:
        session: A session of Airflow's database.
        expectations: Those of a dispatcher's configuration.
        now: The moment, in seconds since 1970.
    """
    nearest = {
        one.name: (
            max(one.between(now - SPAN, now), key=_moment, default=None),
            min(one.between(now, now + SPAN), key=_moment, default=None),
        )
        for one in expectations
    }
    states = _states(session, [deadline for pair in nearest.values() for deadline in pair if deadline])

    def view(deadline: Deadline | None) -> DeadlineView | None:
        if deadline is None:
            return None
        state = _state(deadline, states, now)
        return DeadlineView(deadline.moment, state, deadline.dag_id, deadline.run_id)

    return [
        ExpectationView(
            one.name, one.route, f"{one.by:%H:%M} {one.zone.key}", one.subject, *map(view, nearest[one.name])
        )
        for one in expectations
    ]


def _state(deadline: Deadline, states: dict[str, str], now: float) -> DeadlineState:
    if deadline.late_run_id in states:
        return "came late"
    state = states.get(deadline.run_id)
    if state == "success":
        return "came"
    if deadline.moment > now:
        return "awaited"
    return "missing" if state == "failed" else "unknown"


def _states(session: Any, deadlines: Sequence[Deadline]) -> dict[str, str]:
    """Return the states of the runs of deadlines, of those that exist."""
    run_ids = {run_id for deadline in deadlines for run_id in (deadline.run_id, deadline.late_run_id)}
    found = select(DagRun.run_id, DagRun.state).where(
        DagRun.dag_id.in_({deadline.dag_id for deadline in deadlines}), DagRun.run_id.in_(run_ids)
    )
    return {run_id: str(state) for run_id, state in session.execute(found)}


def _moment(deadline: Deadline) -> float:
    return deadline.moment
