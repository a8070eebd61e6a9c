"""Runs that a dispatcher has started and no line of the record names.

A task that dies between the start of its runs and its line leaves such a run, and so does somebody who clears
the task. The run's id tells which route it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import func, or_, select

from airflow_provider_hybrid.compat.database import DagRun
from airflow_provider_hybrid.exceptions import ConfigError
from airflow_provider_hybrid.record.line import OUTCOMES
from airflow_provider_hybrid.record.place import Place
from airflow_provider_hybrid.record.read import Entry, Question, named_runs
from airflow_provider_hybrid.routing.run_id import hash_of, in_run_id, is_run_id
from airflow_provider_hybrid.view.status import configuration_in

MOST = 20
"""The most runs that are returned, the newest ones."""

SAMPLE = 500
"""The most runs that are looked at, the newest ones."""

SKEW = timedelta(minutes=1)
"""How far the clocks of workers and API server may be apart."""

_BUCKET = re.compile("s3://[^/]+/")


@dataclass(frozen=True)
class Launches:
    """The runs that dispatchers start.

    Args:
        routes: The names of their routes.
        dag_ids: Their DAGs; None if they may be any.
    """

    routes: frozenset[str]
    dag_ids: frozenset[str] | None


@dataclass(frozen=True)
class Unrecorded:
    """A run that no line names.

    Args:
        dag_id: Its DAG.
        run_id: Its id.
        state: Its state now.
        created_at: When it was created, in seconds since 1970.
    """

    dag_id: str
    run_id: str
    state: str
    created_at: float


def launches_of(
    variables: Iterable[str], readable: Collection[str] | None = None, route: str | None = None
) -> Launches:
    """Read which runs dispatchers start. A Variable that cannot be read names none.

    Args:
        variables: The Variables of the dispatchers.
        readable: Only runs of these DAGs; None for all.
        route: Only runs of this route; None for all.
    """
    routes = [one for variable in variables for one in _routes(variable) if route in (None, one.name)]
    dag_ids = readable
    if all(one.has_fixed_dag_id for one in routes):
        named = {one.trigger_dag_id for one in routes}
        dag_ids = named if readable is None else named.intersection(readable)
    return Launches(frozenset(one.name for one in routes), None if dag_ids is None else frozenset(dag_ids))


def unrecorded_beside(
    session: Any,
    question: Question,
    shown: Sequence[Entry],
    variables: Iterable[str],
    readable: Collection[str] | None = None,
    *,
    before: Place | None = None,
    ended: bool,
) -> list[Unrecorded]:
    """Find the runs without a line that belong beside the lines that answer a question for a text.

    Nobody knows which outcome a line would have that is not there. So if the question is for some outcomes,
    none is found.

    Args:
        session: A session of Airflow's database.
        question: The question. A run's id must contain its text, or be that of the event with this id.
        shown: The lines that answer it, the newest first.
        variables: The Variables of the dispatchers whose runs to look at.
        readable: The DAGs whose runs the user may read; None for all.
        before: The place before which the lines stand.
        ended: Whether no older line answers it.
    """
    if not question.contains or set(question.outcomes) != set(OUTCOMES):
        return []
    since = question.since if ended else _at(shown[-1].place)
    until = _at(before) if before else question.until
    named = {(run.dag_id, run.run_id) for entry in shown for run in entry.line.runs}
    launches = launches_of(variables, readable, question.route)
    return unrecorded(session, launches, named, since, until, question.contains)


def unrecorded(
    session: Any,
    launches: Launches,
    named: Collection[tuple[str, str]],
    since: datetime,
    until: datetime | None = None,
    contains: str = "",
) -> list[Unrecorded]:
    """Find runs without a line, the newest first.

    Args:
        session: A session of Airflow's database.
        launches: The runs to look at.
        named: DAG ids and run ids of runs that are known to have a line.
        since: When the first of them was created.
        until: Before when the last of them was created; None for now.
        contains: A part of their id as in `Question`, or the id of their event.
    """
    wanted = select(DagRun.dag_id, DagRun.run_id, DagRun.state, DagRun.run_after).where(
        *_conditions(launches, since, until, contains)
    )
    rows = session.execute(wanted.order_by(DagRun.run_after.desc()).limit(SAMPLE)).all()
    found = [
        row
        for row in rows
        if (row.dag_id, row.run_id) not in named and is_run_id(row.run_id, launches.routes)
    ][:MOST]
    if not found:
        return []
    recorded = named_runs(session, [row.run_id for row in found], found[-1].run_after - SKEW)
    return [
        Unrecorded(row.dag_id, row.run_id, str(row.state), row.run_after.timestamp())
        for row in found
        if (row.dag_id, row.run_id) not in recorded
    ]


def _routes(variable: str) -> Iterable[Any]:
    try:
        return configuration_in(variable).routes
    except ConfigError:
        return ()


def _conditions(launches: Launches, since: datetime, until: datetime | None, contains: str) -> Iterator[Any]:
    yield DagRun.run_after >= since
    if until is not None:
        yield DagRun.run_after < until
    if launches.dag_ids is not None:
        yield DagRun.dag_id.in_(sorted(launches.dag_ids))
    if contains:
        of_event = DagRun.run_id.endswith(hash_of(contains))
        # A line shows an object as s3://bucket/key; a run id has the key alone.
        part = in_run_id(_BUCKET.sub("", contains, count=1)).lower()
        yield or_(of_event, func.lower(DagRun.run_id).contains(part, autoescape=True)) if part else of_event


def _at(place: Place) -> datetime:
    return datetime.fromtimestamp(place.moment, tz=timezone.utc)
