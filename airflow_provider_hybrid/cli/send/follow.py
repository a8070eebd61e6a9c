"""Following what was sent: its line in the record, as soon as there is one."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from airflow_provider_hybrid.compat.installation import airflow_session

if TYPE_CHECKING:
    from airflow_provider_hybrid.record.line import Line

EVERY = 0.5
"""Seconds between two looks at the record."""

SKEW = timedelta(minutes=1)
"""How far the clocks of this machine and of the workers may be apart."""

MOST = 100
"""The most lines that are looked at, the newest ones."""


@dataclass(frozen=True)
class Sent:
    """Something that was sent.

    Args:
        text: What its line contains: the message's id, or an object's address.
        message_id: The message's id; None for an object, as S3 sends the message.
        at: When it was sent, in seconds since 1970.
        others: The messages that told of such an object before.
    """

    text: str
    message_id: str | None
    at: float
    others: frozenset[str] = field(default=frozenset(), repr=False)

    def is_told_by(self, line: Line) -> bool:
        """Say whether a line of the record is about it."""
        if self.message_id is not None:
            return line.message_id == self.message_id
        subjects = {event.subject for event in line.events}
        return self.text in subjects and line.message_id not in self.others


@dataclass(frozen=True)
class Fate:
    """What is known of something that was sent.

    Args:
        sent: What was sent.
        line: Its newest line in the record; None if there is none yet.
        states: The states of its runs, by DAG id and run id.
    """

    sent: Sent
    line: Line | None
    states: Mapping[tuple[str, str], str]

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will become of it."""
        return self.line is not None and self.line.outcome != "waiting"


def told_before(address: str, dag_ids: Collection[str] | None) -> frozenset[str]:
    """Return the messages that told of an object lately.

    Args:
        address: The object's address.
        dag_ids: The dispatchers to ask; None for all.
    """
    with airflow_session() as session:
        lines = _lines(session, address, dag_ids, datetime.now(tz=timezone.utc) - 2 * SKEW)
        return frozenset(line.message_id for line in lines)


def follow(
    sent: Sequence[Sent],
    dag_ids: Collection[str] | None,
    timeout: float,
    tell: Callable[[Sequence[Fate]], None],
) -> list[Fate]:
    """Wait until all that was sent is settled, or the time is over, or somebody presses Ctrl-C.

    Args:
        sent: What was sent.
        dag_ids: The dispatchers to ask; None for all.
        timeout: Seconds to wait at most.
        tell: Gets after each look what is known.
    """
    deadline = time.monotonic() + timeout
    fates = [Fate(one, None, {}) for one in sent]
    try:
        while True:
            fates = _look(sent, dag_ids)
            tell(fates)
            if all(fate.is_settled for fate in fates) or time.monotonic() >= deadline:
                return fates
            time.sleep(EVERY)
    except KeyboardInterrupt:
        return fates


def _look(sent: Sequence[Sent], dag_ids: Collection[str] | None) -> list[Fate]:
    # Imported here: `hybrid --help` need not wait for Airflow.
    from airflow_provider_hybrid.view.runs import states_of

    with airflow_session() as session:
        found = []
        for one in sent:
            since = datetime.fromtimestamp(one.at, tz=timezone.utc) - SKEW
            lines = _lines(session, one.text, dag_ids, since)
            line = next(filter(one.is_told_by, lines), None)
            found.append(Fate(one, line, states_of(session, line.runs) if line else {}))
    return found


def _lines(session: Any, text: str, dag_ids: Collection[str] | None, since: datetime) -> list[Line]:
    """Return the lines with a text, the newest first."""
    from airflow_provider_hybrid.record.read import Question, newest

    return [entry.line for entry in newest(session, Question(dag_ids, since, contains=text), MOST)]
