"""The output of `hybrid events --json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from airflow_provider_hybrid.record.line import Outcome

if TYPE_CHECKING:
    from airflow_provider_hybrid.record.read import Entry
    from airflow_provider_hybrid.view.unrecorded import Unrecorded


@dataclass(frozen=True)
class Headline:
    """The names of an event."""

    id: Annotated[str, Field(description="Its id.")]
    source: Annotated[str, Field(description="Its source.")]
    detail_type: Annotated[str | None, Field(description="Its detail-type. null: none.")]
    subject: Annotated[
        str, Field(description="What it is about: s3://bucket/key. Empty: not known, or secret.")
    ]
    time: Annotated[str | None, Field(description="When it happened, ISO 8601. null: not known.")]


@dataclass(frozen=True)
class Run:
    """A DAG run that a message asked for."""

    route: Annotated[str, Field(description="The route's name.")]
    dag_id: Annotated[str, Field(description="The DAG.")]
    run_id: Annotated[str, Field(description="The run's id.")]
    event_id: Annotated[str | None, Field(description="Its event. null: several events share the run.")]
    outcome: Annotated[
        Literal["started", "existed"] | None,
        Field(description="What Airflow answered. null: it was not asked, or it refused."),
    ]


@dataclass(frozen=True)
class Miss:
    """A route that did not want an event."""

    event_id: Annotated[str, Field(description="The event.")]
    route: Annotated[str, Field(description="The route's name.")]
    condition: Annotated[str, Field(description="The first condition of its pattern that the event fails.")]


@dataclass(frozen=True)
class Place:
    """The task of a dispatcher that settled a message."""

    dag_id: Annotated[str, Field(description="The dispatcher.")]
    run_id: Annotated[str, Field(description="Its run.")]
    task_id: Annotated[str, Field(description="The task.")]
    map_index: Annotated[int, Field(description="The instance of the task. -1: it is not mapped.")]


@dataclass(frozen=True)
class Line:
    """What became of one delivery of a message. Times are in seconds since 1970."""

    message_id: Annotated[str, Field(description="The message's id.")]
    outcome: Annotated[Outcome, Field(description="What became of it.")]
    settled_at: Annotated[float, Field(description="When that was known.")]
    sent_at: Annotated[float | None, Field(description="When it was sent. null: not known.")]
    received_at: Annotated[float | None, Field(description="When it was received. null: not known.")]
    receive_count: Annotated[int, Field(description="How many times SQS had handed it out by then.")]
    reason: Annotated[
        str, Field(description="Why it started nothing, or why it waits. Empty: it started runs.")
    ]
    returns_at: Annotated[float | None, Field(description="When it comes back. null: it left the queue.")]
    dead_lettered: Annotated[bool, Field(description="Whether it went to the dead-letter queue.")]
    error_type: Annotated[str, Field(description="Why it was rejected, in a word. Empty: it was not.")]
    events: Annotated[list[Headline], Field(description="The events in it.")]
    runs: Annotated[list[Run], Field(description="The runs that it asked for.")]
    misses: Annotated[list[Miss], Field(description="Why routes did not want events that no route wanted.")]
    dispatcher: Annotated[Place, Field(description="Who settled it.")]


@dataclass(frozen=True)
class LoneRun:
    """A run that no line of the record names."""

    dag_id: Annotated[str, Field(description="Its DAG.")]
    run_id: Annotated[str, Field(description="Its id.")]
    state: Annotated[str, Field(description="Its state now.")]
    created_at: Annotated[float, Field(description="When it was created, in seconds since 1970.")]


@dataclass(frozen=True)
class Record:
    """What became of messages."""

    lines: Annotated[
        list[Line], Field(description="A line for each delivery of a message, the newest first.")
    ]
    runs_without_line: Annotated[
        list[LoneRun], Field(description="With --contains and all outcomes: runs that no line names.")
    ]


def record_output(entries: Sequence[Entry], lone: Sequence[Unrecorded]) -> Record:
    """Return lines of the record for programs, and the runs beside them."""
    return Record(
        [_line(entry) for entry in entries],
        [LoneRun(one.dag_id, one.run_id, one.state, one.created_at) for one in lone],
    )


def _line(entry: Entry) -> Line:
    line = entry.line
    fields = {
        **asdict(line),
        "events": [Headline(**asdict(one)) for one in line.events],
        "runs": [Run(**asdict(one)) for one in line.runs],
        "misses": [Miss(**asdict(one)) for one in line.misses],
    }
    return Line(**fields, dispatcher=Place(entry.dag_id, entry.run_id, entry.task_id, entry.map_index))
