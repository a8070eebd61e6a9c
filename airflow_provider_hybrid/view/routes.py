"""What a dispatcher's routes want, whether their DAGs are there, and what they started lately."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from sqlalchemy import select

from airflow_provider_hybrid.compat.database import DagModel
from airflow_provider_hybrid.config.route import RouteConfig
from airflow_provider_hybrid.exceptions import ConfigError
from airflow_provider_hybrid.record.read import Question, newest
from airflow_provider_hybrid.routing.fault import Fault
from airflow_provider_hybrid.view.status import configuration_in
from airflow_provider_hybrid.view.unrecorded import SKEW, Unrecorded, launches_of, unrecorded

SPAN = timedelta(days=1)
"""The span in which events of a route are counted."""

SAMPLE = 2_000
"""The most messages, the newest ones, that are counted."""

SETTLING = timedelta(minutes=5)
"""How long a run may be without its line: a task writes its lines once it has started all its runs."""

DagCondition = Literal["there", "paused", "import error", "missing", "by event"]


@dataclass(frozen=True)
class RouteView:
    """A route, as people see it.

    Args:
        name: Its name.
        enabled: Whether it wants any event.
        pattern: The events that it wants, as JSON text.
        dag_id: The DAG, or the template for it.
        dag: Whether that DAG is there. Of a template only an event tells.
        waits: What its events wait for: windows, delays, a pace; empty if they start their runs at once.
        messages: How many of the newest messages of the last day it asked for a run for.
        last: When the last of them was settled, in seconds since 1970; None without any.
    """

    name: str
    enabled: bool
    pattern: str
    dag_id: str
    dag: DagCondition
    waits: str
    messages: int
    last: float | None


@dataclass(frozen=True)
class Routes:
    """A dispatcher's routes, or the fault because of which they are not known.

    Args:
        routes: The routes.
        fault: The fault; empty otherwise.
        broken: What is wrong with the routes that are broken.
        lone: Runs of the last day that no line of the record names, the newest ones.
    """

    routes: list[RouteView]
    fault: str = ""
    broken: Sequence[Fault] = ()
    lone: Sequence[Unrecorded] = ()


def routes_of(session: Any, dag_id: str, variable: str, readable: Collection[str]) -> Routes:
    """Read a dispatcher's Variable, and look its DAGs and their runs up.

    Args:
        session: A session of Airflow's database.
        dag_id: The dispatcher.
        variable: Its Variable.
        readable: The DAGs whose runs the user may read.
    """
    try:
        config = configuration_in(variable)
    except ConfigError as error:
        return Routes([], str(error))
    dags = {
        dag.dag_id: dag
        for dag in session.scalars(select(DagModel).where(DagModel.dag_id.in_(config.dag_ids)))
    }
    now = datetime.now(tz=timezone.utc)
    since = now - SPAN
    entries = newest(session, Question({dag_id}, since), SAMPLE)
    if len(entries) == SAMPLE:
        since = datetime.fromtimestamp(entries[-1].place.moment, tz=timezone.utc) + SKEW
    named = {(run.dag_id, run.run_id) for entry in entries for run in entry.line.runs}
    launches = launches_of([variable], readable)
    counts: Counter[str] = Counter()
    last: dict[str, float] = {}
    for entry in entries:
        for name in {run.route for run in entry.line.runs}:
            counts[name] += 1
            last.setdefault(name, entry.line.settled_at)
    return Routes(
        [
            RouteView(
                route.name,
                route.enabled,
                json.dumps(route.event_pattern, ensure_ascii=False),
                route.trigger_dag_id,
                _condition(dags.get(route.trigger_dag_id)) if route.has_fixed_dag_id else "by event",
                _waits(route),
                counts[route.name],
                last.get(route.name),
            )
            for route in config.routes
        ],
        broken=config.broken.all_faults,
        lone=unrecorded(session, launches, named, since, now - SETTLING),
    )


def _waits(route: RouteConfig) -> str:
    said = []
    if route.batch and route.batch.window_seconds:
        said.append(f"windows of {route.batch.window_seconds} s")
    if route.batch:
        said.append(f"at most {route.batch.max_events} events a run")
    if route.delay_seconds:
        said.append(f"{route.delay_seconds} s after the event")
    if route.max_runs_per_minute:
        said.append(f"at most {route.max_runs_per_minute} runs a minute")
    return ", ".join(said)


def _condition(dag: Any) -> DagCondition:
    if dag is None or dag.is_stale:
        return "missing"
    if dag.has_import_errors:
        return "import error"
    return "paused" if dag.is_paused else "there"
