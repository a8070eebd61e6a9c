"""A wanted repetition: a run once more, with the conf of the first one and an id that names it.

Nothing else of the package starts a second run for an event: deliveries of its message never do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import select

from airflow_provider_hybrid.compat.database import DagRun
from airflow_provider_hybrid.compat.repeating import WhoAsks, create_run
from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.record.line import Line
from airflow_provider_hybrid.record.read import Question, read_lines
from airflow_provider_hybrid.routing.route import MAX_NOTE

SHOWN = 5
"""The most candidates that an error names."""

_NUMBER = re.compile(r"~(\d+)$")


@dataclass(frozen=True, order=True)
class Run:
    """A DAG run.

    Args:
        dag_id: Its DAG.
        run_id: Its id.
    """

    dag_id: str
    run_id: str

    def __str__(self) -> str:
        """Name both."""
        return f"{self.dag_id} {self.run_id}"


def runs_meant(session: Any, text: str, dag_id: str | None = None) -> list[Run]:
    """Find the runs that somebody means.

    Args:
        session: A session of Airflow's database.
        text: The id of a run, of an event or of a message, or the subject of an event: ``s3://bucket/key``,
            or the end of it from a ``/`` on.
        dag_id: Only runs of this DAG.

    Returns:
        A run, if the text is a run's id. Else all runs of the event, or of the events in the message.

    Raises:
        LaunchError: If there is no such run, or if more than one run or event is meant; says what to do.
    """
    conditions = [DagRun.run_id == text, *([DagRun.dag_id == dag_id] if dag_id else [])]
    runs = [Run(*row) for row in session.execute(select(DagRun.dag_id, DagRun.run_id).where(*conditions))]
    if len(runs) > 1:
        raise LaunchError(f"{len(runs)} DAGs have a run {text!r}: {_some(runs)}. Name one with --dag")
    if runs:
        return runs
    asked_for = {run for run in _of_event(session, text) if dag_id in (None, run.dag_id)}
    runs = sorted(run for run in asked_for if _exists(session, run))
    if not runs:
        raise LaunchError(
            f"there is no run {text!r}, and no event or message of this name in the record has a run"
            f"{f' of DAG {dag_id!r}' if dag_id else ''}. `hybrid events --contains ...` shows what there is"
        )
    return runs


def launch_again(session: Any, run: Run, who: str, asks: WhoAsks) -> Run:
    """Start a run once more, with the conf that it had.

    Whoever calls this must have made sure that the user may start runs of the DAG.

    Args:
        session: A session of Airflow's database.
        run: A run that exists: a first one, or a repetition.
        who: Who wants it and by which means, for the note.
        asks: What asks for it, for Airflow.

    Returns:
        The new run: ``<id of the first run>~<the next free number, from 2 on>``.

    Raises:
        LaunchError: If the run or its DAG does not exist, or if Airflow refuses.
    """
    conf = session.execute(
        select(DagRun.conf).where(DagRun.dag_id == run.dag_id, DagRun.run_id == run.run_id)
    ).first()
    if conf is None:
        raise LaunchError(f"DAG {run.dag_id!r} has no run {run.run_id!r}. Nothing was started")
    first = _NUMBER.sub("", run.run_id)
    again = Run(run.dag_id, f"{first}~{_next_number(session, run.dag_id, first)}")
    note = f"Run `{first}` once more, wanted by {who}."[:MAX_NOTE]
    create_run(session, again.dag_id, again.run_id, conf[0] or {}, note, asks)
    return again


def _of_event(session: Any, text: str) -> set[Run]:
    """Return the runs that an event, or the events in a message, asked for, by the record."""
    question = Question(None, since=datetime.fromtimestamp(0, tz=timezone.utc), contains=text)
    runs: set[Run] = set()
    events: dict[str, str] = {}
    for entry in read_lines(session, question):
        line = entry.line
        ids = _events_meant(line, text)
        if line.message_id == text or ids:
            runs |= {Run(run.dag_id, run.run_id) for run in _runs_for(line, ids)}
        events |= ids
    if len(events) > 1:
        raise LaunchError(
            f"{len(events)} events are called {text!r}. Name one by its id: {_some(events.values())}"
        )
    return runs


def _events_meant(line: Line, text: str) -> dict[str, str]:
    """Return the events of a line that a text means, by id; each in words."""
    end = text.lstrip("/")
    return {
        event.id: f"{event.id} ({event.time or 'at an unknown time'})"
        for event in line.events
        if text == event.id or (end and f"/{event.subject}".endswith(f"/{end}"))
    }


def _runs_for(line: Line, event_ids: Iterable[str]) -> list[Any]:
    """Return a line's runs for some of its events, or all; one that events share is for each of them."""
    ids = set(event_ids)
    return [run for run in line.runs if not ids or run.event_id is None or run.event_id in ids]


def _exists(session: Any, run: Run) -> bool:
    found = select(DagRun.id).where(DagRun.dag_id == run.dag_id, DagRun.run_id == run.run_id)
    return session.scalar(found) is not None


def _next_number(session: Any, dag_id: str, first: str) -> int:
    ids = session.scalars(
        select(DagRun.run_id).where(
            DagRun.dag_id == dag_id, DagRun.run_id.startswith(f"{first}~", autoescape=True)
        )
    )
    numbers = [int(match[1]) for run_id in ids if (match := _NUMBER.fullmatch(run_id, len(first)))]
    return max(numbers, default=1) + 1


def _some(names: Iterable[object]) -> str:
    shown = [str(name) for name in names]
    more = f" and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
    return ", ".join(shown[:SHOWN]) + more
