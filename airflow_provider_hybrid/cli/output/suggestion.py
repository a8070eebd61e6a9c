"""The output of `hybrid suggest --json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from airflow_provider_hybrid.cli.suggest import look


@dataclass(frozen=True)
class Kind:
    """Events of one kind that wait in the queue."""

    count: Annotated[int, Field(description="How many there are.")]
    source: Annotated[str, Field(description="Their source.")]
    detail_type: Annotated[str | None, Field(description="Their detail-type. null: none.")]
    bucket: Annotated[str | None, Field(description="The bucket of their objects. null: no objects on S3.")]
    prefix: Annotated[str | None, Field(description="What the keys begin with. null: no objects on S3.")]
    suffix: Annotated[str | None, Field(description="What the keys end with. null: no objects on S3.")]
    example: Annotated[str, Field(description="What one of them is about, else its id.")]
    wanted_by: Annotated[list[str], Field(description="The routes that want them already.")]
    proposal: Annotated[
        dict[str, Any] | None,
        Field(description="A route for them. null: a route wants them, or they should start no run."),
    ]
    shared_with: Annotated[
        list[str], Field(description="Routes that want other events that the proposal would want, too.")
    ]


@dataclass(frozen=True)
class Fault:
    """A reason why messages cannot be understood."""

    text: Annotated[str, Field(description="The reason.")]
    count: Annotated[int, Field(description="How many messages.")]


@dataclass(frozen=True)
class Suggestions:
    """What a look at a queue has found."""

    messages: Annotated[int, Field(description="How many messages were looked at, and given back.")]
    without_event: Annotated[int, Field(description="How many of them hold no event.")]
    kinds: Annotated[list[Kind], Field(description="The kinds of their events, the most frequent first.")]
    faults: Annotated[list[Fault], Field(description="Why messages cannot be understood.")]
    warnings: Annotated[list[str], Field(description="What somebody should know of the queue.")]


def suggestions_output(found: look.Found, warnings: list[str]) -> Suggestions:
    """Return what a look has found, for programs."""
    return Suggestions(
        found.messages,
        found.without_event,
        [_kind(one) for one in found.kinds],
        [Fault(text, count) for text, count in found.faults.items()],
        warnings,
    )


def _kind(one: look.KindFound) -> Kind:
    place = one.kind.place
    return Kind(
        count=one.count,
        source=one.kind.source,
        detail_type=one.kind.detail_type,
        bucket=place.bucket if place else None,
        prefix=place.prefix if place else None,
        suffix=place.suffix if place else None,
        example=one.example,
        wanted_by=[*one.wanted_by],
        proposal=one.proposal,
        shared_with=[*one.shared_with],
    )
