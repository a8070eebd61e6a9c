"""The output of `hybrid send --json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from airflow_provider_hybrid.record.line import Outcome


@dataclass(frozen=True)
class Run:
    """A DAG run that started because of what was sent, or that existed already."""

    route: Annotated[str, Field(description="The route's name.")]
    dag_id: Annotated[str, Field(description="The DAG.")]
    run_id: Annotated[str, Field(description="The run's id.")]
    state: Annotated[str | None, Field(description="The run's state now. null: somebody has deleted it.")]
    url: Annotated[str | None, Field(description="The run in Airflow's UI. null: [api] base_url is not set.")]


@dataclass(frozen=True)
class Miss:
    """A route that did not want an event."""

    route: Annotated[str, Field(description="The route's name.")]
    condition: Annotated[str, Field(description="The first condition of its pattern that the event fails.")]


@dataclass(frozen=True)
class Sending:
    """A message or an object that was sent, and what became of it."""

    sent: Annotated[str, Field(description="The message's id, or the object's address: s3://bucket/key.")]
    message_id: Annotated[
        str | None, Field(description="The message's id. null: an object of which no message is known.")
    ]
    outcome: Annotated[
        Outcome | None,
        Field(description="What became of it. null: nobody has received it yet, or it was not followed."),
    ]
    reason: Annotated[
        str | None, Field(description="Why it started nothing, or why it waits. null: it started runs.")
    ]
    dead_lettered: Annotated[bool, Field(description="Whether it went to the dead-letter queue.")]
    returns_at: Annotated[
        float | None, Field(description="When it comes back, in seconds since 1970. null: it does not.")
    ]
    runs: Annotated[list[Run], Field(description="Its runs.")]
    misses: Annotated[list[Miss], Field(description="Why routes did not want events that no route wanted.")]
    url: Annotated[
        str | None, Field(description="Its line on the page Events. null: there is none, or no such page.")
    ]


@dataclass(frozen=True)
class Sendings:
    """What was sent, and what became of it."""

    sent: Annotated[list[Sending], Field(description="The messages, in their order, or the object.")]
