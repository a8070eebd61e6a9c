"""A line of the record: what became of one delivery of a message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta, timezone
from typing import Any, Literal, get_args

from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.routing.miss import Miss

Outcome = Literal["started", "existed", "unmatched", "rejected", "waiting"]
"""What became of a message.

- ``started``: its runs exist, and at least one of them was started now;
- ``existed``: all its runs existed already, so an earlier delivery had started them;
- ``unmatched``: no route wanted an event of it, or it holds no event;
- ``rejected``: it can never work, or SQS would not have delivered it again;
- ``waiting``: it is in the queue still, and comes back.
"""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

PREFIX = "hybrid_record"
"""What the keys of the record's XComs begin with."""

ERROR_PREFIX = "hybrid_error"
"""What the keys of the XComs begin with that hold the errors of `listen`."""

_TIME = "%Y-%m-%dT%H:%M:%S.%f"

LONGEST_REASON = 1000
"""The most characters of a reason."""


@dataclass(frozen=True)
class RunLine:
    """A DAG run that a message asked for.

    Args:
        route: The route's name.
        dag_id: The DAG.
        run_id: The run's id.
        event_id: The event that asked for it; None if several events share the run.
        outcome: What Airflow answered; None if it was not asked, or refused.
    """

    route: str
    dag_id: str
    run_id: str
    event_id: str | None = None
    outcome: Literal["started", "existed"] | None = None


@dataclass(frozen=True)
class Line:
    """What became of one delivery of a message. Times are in seconds since 1970.

    It holds names and ids only: no body, and no value of an attribute.

    Args:
        message_id: SQS's id of the message.
        outcome: What became of it.
        settled_at: When that was known.
        sent_at: When the message was sent; None if SQS did not tell.
        received_at: When this delivery was received.
        receive_count: How many times SQS had handed it out by then.
        reason: Why it started nothing, or why it waits; empty otherwise.
        returns_at: When it comes back; None if it is gone from the queue.
        dead_lettered: Whether it went to the dead-letter queue.
        error_type: The kind of fault because of which it was rejected; empty without one.
        events: The headlines of the events in it.
        runs: The runs that it asked for.
        misses: For its events that no route wants, the conditions that they fail.
    """

    message_id: str
    outcome: Outcome
    settled_at: float
    sent_at: float | None = None
    received_at: float | None = None
    receive_count: int = 1
    reason: str = ""
    returns_at: float | None = None
    dead_lettered: bool = False
    error_type: str = ""
    events: tuple[Headline, ...] = ()
    runs: tuple[RunLine, ...] = ()
    misses: tuple[Miss, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON, without what has its default; `from_dict` reads it back."""
        lists = {name: [*map(_stored, getattr(self, name))] for name in _LISTS}
        return {**_stored(self), **{name: items for name, items in lists.items() if items}}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Line:
        """Read what `as_dict` wrote."""
        lists = {name: tuple(kind(**part) for part in stored.get(name, ())) for name, kind in _LISTS.items()}
        return cls(**{**stored, **lists})


_LISTS: dict[str, type[Headline | RunLine | Miss]] = {"events": Headline, "runs": RunLine, "misses": Miss}
"""The fields of a line that are lists, and what they hold."""


def by_key(lines: Iterable[Line], now: float) -> dict[str, list[dict[str, Any]]]:
    """Sort lines into the XComs that hold them: one for each outcome.

    Args:
        lines: The lines.
        now: The time at which they are written, in seconds since 1970.
    """
    by_outcome: dict[Outcome, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        by_outcome[line.outcome].append(line.as_dict())
    return {key_at(outcome, now, len(stored)): stored for outcome, stored in by_outcome.items()}


def key_at(outcome: Outcome, moment: float, count: int | None = None) -> str:
    """Return the key of lines: ``hybrid_record_started_2026-11-29T00:05:10.123456_12``.

    For each outcome the order of the keys is the order in time, so a view finds the newest lines by the index
    of the keys, and counts lines without reading them.

    Args:
        outcome: The outcome of all of them.
        moment: When they were written, in seconds since 1970.
        count: How many they are; None for the beginning of the keys of that moment.
    """
    return f"{PREFIX}_{outcome}_{_written(moment)}" + ("" if count is None else f"_{count}")


def error_key_at(moment: float) -> str:
    """Return the key of an error because of which `listen` failed (seconds since 1970)."""
    return f"{ERROR_PREFIX}_{_written(moment)}"


def just_after(when: str) -> str:
    """Return the moment one microsecond after another one, both as they stand in keys."""
    return (_read(when) + timedelta(microseconds=1)).strftime(_TIME)


def _read(when: str) -> datetime:
    return datetime.strptime(when, _TIME).replace(tzinfo=timezone.utc)


def _written(moment: float) -> str:
    return datetime.fromtimestamp(moment, tz=timezone.utc).strftime(_TIME)


@dataclass(frozen=True)
class Key:
    """What a key says.

    Args:
        outcome: The outcome of the lines.
        when: When they were written; texts that have the order of time.
        count: How many they are.
    """

    outcome: Outcome
    when: str
    count: int

    @property
    def moment(self) -> float:
        """When they were written, in seconds since 1970."""
        return _read(self.when).timestamp()

    @classmethod
    def parse(cls, key: str) -> Key:
        """Read what `key_at` wrote.

        Raises:
            ValueError: If it is another key.
        """
        prefix, outcome, when, count = key.rsplit("_", 3)
        if prefix != PREFIX or outcome not in OUTCOMES:
            raise ValueError(f"{key!r} is no key of the record")
        return cls(outcome, when, int(count))


def _stored(part: Line | Headline | RunLine | Miss) -> dict[str, Any]:
    """Return the fields that do not have their default."""
    values = {field.name: (getattr(part, field.name), field.default) for field in fields(part)}
    return {name: value for name, (value, default) in values.items() if value != default}
