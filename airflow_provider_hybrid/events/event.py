"""The event: EventBridge's envelope, the one form that routes see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FIELDS = ("id", "source", "detail-type", "time", "account", "region", "resources", "detail")
"""The fields of EventBridge's envelope that `Event` has. ``version`` is left out: it is always "0"."""


@dataclass(frozen=True)
class Event:
    """One thing that happened, in EventBridge's own form.

    Attributes are named as in the `event structure reference
    <https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html>`_. A field that the
    sender left out is None.

    Args:
        id: The same in every delivery of the message, and in every duplicate that the producer sends.
        source: The sender, for example ``aws.s3``.
        detail: The facts of the event; their shape depends on source and detail-type.
        detail_type: The kind of event, for example ``Object Created``.
        time: ISO 8601, UTC, as the sender wrote it.
        account: AWS account id.
        region: AWS region.
        resources: ARNs of the resources that the event is about.
        extra: Further fields of the envelope, such as the ``replay-name`` of an archive's replay.
    """

    id: str
    source: str
    detail: Mapping[str, Any] = field(repr=False, hash=False)
    detail_type: str | None = None
    time: str | None = None
    account: str | None = None
    region: str | None = None
    resources: tuple[str, ...] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the envelope as EventBridge writes it, without the fields that the sender left out."""
        envelope = {
            "id": self.id,
            "source": self.source,
            "detail-type": self.detail_type,
            "time": self.time,
            "account": self.account,
            "region": self.region,
            "resources": None if self.resources is None else list(self.resources),
            "detail": self.detail,
            **self.extra,
        }
        return {key: value for key, value in envelope.items() if value is not None}


def extra_fields(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an envelope that `Event` does not have, without ``version`` and null ones."""
    known = {*FIELDS, "version"}
    return {key: value for key, value in envelope.items() if key not in known and value is not None}


LONGEST = 100
"""The most characters of a text that `quoted` shows."""


def quoted(text: str | None) -> str:
    """Quote a text for people: on one line, shortened, with control characters escaped.

    Use it for the names of an event (id, source, detail-type), never for its detail.
    """
    return repr(text) if text is None or len(text) <= LONGEST else f"{text[:LONGEST]!r}..."
