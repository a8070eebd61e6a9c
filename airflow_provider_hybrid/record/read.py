"""Reading the record: the lines that a question asks for, the newest first."""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import String, cast, func, or_, select, tuple_

from airflow_provider_hybrid.compat.database import XComModel
from airflow_provider_hybrid.record.line import OUTCOMES, PREFIX, Key, Line, Outcome, just_after, key_at
from airflow_provider_hybrid.record.place import Place

CHUNK = 200
"""The most rows of the database that one query fetches."""

_ROW = (XComModel.key, XComModel.dag_run_id, XComModel.task_id, XComModel.map_index)
"""What tells two rows apart."""


@dataclass(frozen=True)
class Entry:
    """A line, and where it was written.

    Args:
        line: The line.
        dag_id: The dispatcher.
        run_id: Its run.
        task_id: The task of it that settled the message.
        map_index: The instance of that task; -1 if it is not mapped.
        place: Where the line stands in the record. A further question may go on behind it.
    """

    line: Line
    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    place: Place


@dataclass(frozen=True)
class Question:
    """Which lines somebody wants to see.

    Args:
        dag_ids: The dispatchers; None for all.
        outcomes: The outcomes.
        route: A route's name: lines of messages for which it asked for a run.
        contains: A part of a message id, or of an event's id or subject, or of a run id. ASCII letters may be
            large or small.
        since: The first moment.
        until: The moment after the last one; None for now.
    """

    dag_ids: Collection[str] | None
    since: datetime
    until: datetime | None = None
    outcomes: Collection[Outcome] = OUTCOMES
    route: str | None = None
    contains: str | None = None

    def wants(self, line: Line) -> bool:
        """Say whether it asks for a line, by route and text."""
        if self.route is not None and all(run.route != self.route for run in line.runs):
            return False
        return not self.contains or any(self.contains.lower() in text.lower() for text in _texts(line))


def read_lines(session: Any, question: Question, before: Place | None = None) -> Iterator[Entry]:
    """Return the lines that a question asks for, the newest first. Take as many as you need.

    Args:
        session: A session of Airflow's database.
        question: The question.
        before: Return only lines that stand before this one.
    """
    rows = heapq.merge(
        *(_rows(session, question, outcome, before) for outcome in question.outcomes),
        key=lambda row: row[0],
        reverse=True,
    )
    for place, row in rows:
        lines = [Line.from_dict(stored) for stored in row.value]
        for index, line in enumerate(lines):
            found = Place(*place, index=len(lines) - index)
            if (before is None or found < before) and question.wants(line):
                yield Entry(line, row.dag_id, row.run_id, row.task_id, row.map_index, found)


def entry_at(session: Any, place: Place) -> Entry | None:
    """Return the line that stands at a place; None if there is none (any more)."""
    row = session.execute(
        select(XComModel.dag_id, XComModel.run_id, XComModel.value).where(
            tuple_(*_ROW) == tuple_(place.key, place.dag_run_id, place.task_id, place.map_index)
        )
    ).first()
    if row is None or not 0 < place.index <= len(row.value):
        return None
    line = Line.from_dict(row.value[len(row.value) - place.index])
    return Entry(line, row.dag_id, row.run_id, place.task_id, place.map_index, place)


def newest(session: Any, question: Question, limit: int, before: Place | None = None) -> list[Entry]:
    """Return at most so many lines, the newest first; arguments as for `read_lines`."""
    return list(islice(read_lines(session, question, before), limit))


def read_keys(session: Any, question: Question) -> Iterator[Key]:
    """Return what the keys say of the lines: outcome, time, and how many they are. No line is read.

    Args:
        session: A session of Airflow's database.
        question: The dispatchers, outcomes and times. Its route and text are not asked for.
    """
    for outcome in question.outcomes:
        yield from map(
            Key.parse, session.scalars(select(XComModel.key).where(*_conditions(question, outcome)))
        )


def named_runs(session: Any, run_ids: Collection[str], since: datetime) -> set[tuple[str, str]]:
    """Return the DAG ids and run ids of all runs in the lines that name one of some runs.

    Args:
        session: A session of Airflow's database.
        run_ids: The runs, at most some dozens: each line since then is looked at.
        since: When the first of them was started, or before.
    """
    text = cast(XComModel.value, String)
    any_of_them = text.regexp_match("|".join(map(re.escape, sorted(run_ids))))
    question = Question(None, since)
    return {
        (run.dag_id, run.run_id)
        for outcome in question.outcomes
        for lines in session.scalars(
            select(XComModel.value).where(*_conditions(question, outcome), any_of_them)
        )
        for stored in lines
        for run in Line.from_dict(stored).runs
    }


_Row = tuple[tuple[str, str, int, str, int], Any]


def _rows(session: Any, question: Question, outcome: Outcome, before: Place | None) -> Iterator[_Row]:
    """Return the rows of an outcome that may hold wanted lines, the newest first."""
    statement = (
        select(*_ROW, XComModel.dag_id, XComModel.run_id, XComModel.value)
        .where(*_conditions(question, outcome), *_texts_wanted(question))
        .order_by(*(column.desc() for column in _ROW))
        .limit(CHUNK)
    )
    if before is not None:
        # Rows of that very moment are read again: only a line's place tells on which side it stands.
        statement = statement.where(XComModel.key < f"{PREFIX}_{outcome}_{just_after(before.when)}")
    rows = session.execute(statement).all()
    while rows:
        for row in rows:
            yield (Key.parse(row.key).when, row.key, row.dag_run_id, row.task_id, row.map_index), row
        if len(rows) < CHUNK:
            return
        last = rows[-1]
        behind = tuple_(*_ROW) < tuple_(last.key, last.dag_run_id, last.task_id, last.map_index)
        rows = session.execute(statement.where(XComModel.key <= last.key, behind)).all()


def _conditions(question: Question, outcome: Outcome) -> Iterator[Any]:
    # Bounds that differ from keys by digits alone mean the same in every collation of a database.
    yield XComModel.key >= key_at(outcome, question.since.timestamp())
    yield XComModel.key < (
        key_at(outcome, question.until.timestamp()) if question.until else f"{PREFIX}_{outcome}_9"
    )
    if question.dag_ids is not None:
        yield XComModel.dag_id.in_(sorted(question.dag_ids))


def _texts_wanted(question: Question) -> Iterator[Any]:
    """Let the database find the rows that hold a text; they may hold further lines, without it."""
    text = cast(XComModel.value, String)
    if question.route is not None:
        yield text.contains(json.dumps(question.route), autoescape=True)
    if question.contains:
        # PostgreSQL stores characters beyond ASCII as they are, SQLite as they were sent: escaped.
        forms = {json.dumps(question.contains, ensure_ascii=ascii_)[1:-1] for ascii_ in (True, False)}
        yield or_(*(func.lower(text).contains(form.lower(), autoescape=True) for form in sorted(forms)))


def _texts(line: Line) -> Iterator[str]:
    yield line.message_id
    for event in line.events:
        yield from (event.id, event.subject)
    for run in line.runs:
        yield run.run_id
