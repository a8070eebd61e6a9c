"""The headline of an event: the few names by which people know it, and nothing else of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from airflow_provider_hybrid.events.event import Event

LONGEST = 1100
"""The most characters of a name; the longest object key has 1,024 bytes, and its bucket has a name too."""


@dataclass(frozen=True)
class Headline:
    """The names of an event, for people: in notes, in the record and in views.

    Args:
        id: The event's id.
        source: Its source.
        detail_type: Its detail-type.
        subject: What it is about, for example ``s3://bucket/key``; empty if that is unknown or confidential.
        time: When it happened: ISO 8601, UTC, as the sender wrote it.
    """

    id: str
    source: str
    detail_type: str | None = None
    subject: str = ""
    time: str | None = None

    @classmethod
    def of(cls, event: Event) -> Headline:
        """Return the headline of an event; a name that is too long is cut."""
        return cls(
            id=event.id[:LONGEST],
            source=event.source[:LONGEST],
            detail_type=event.detail_type and event.detail_type[:LONGEST],
            subject=_address_of(event)[:LONGEST],
            time=event.time and event.time[:LONGEST],
        )


def subject_of(event: Event) -> str:
    """Return what an event is about: the object's key, or the first resource; empty if it has neither.

    A CloudEvent's subject is its first resource.
    """
    return _key_of(event) or next(iter(event.resources or ()), "")


def _address_of(event: Event) -> str:
    bucket = event.detail.get("bucket")
    name = bucket.get("name") if isinstance(bucket, Mapping) else None
    key = _key_of(event)
    return f"s3://{name}/{key}" if key and isinstance(name, str) else subject_of(event)


def _key_of(event: Event) -> str:
    thing = event.detail.get("object")
    key = thing.get("key") if isinstance(thing, Mapping) else None
    return key if isinstance(key, str) else ""
