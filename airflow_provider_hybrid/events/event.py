"""The event: EventBridge's envelope, the one form that routes see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Event:
    """One thing that happened, in EventBridge's own form.

    Attributes are named as in the `event structure reference
    <https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html>`_; what the sender did
    not say is None.

    Args:
        id: Stable across redeliveries of the message and across duplicates that the producer sends.
        source: Who sent it, for example ``aws.s3``.
        detail: What happened; its shape depends on source and detail-type.
        detail_type: The kind of event, for example ``Object Created``.
        time: ISO 8601, UTC, as the sender wrote it.
        account: AWS account id.
        region: AWS region.
        resources: ARNs of what the event is about.
    """

    id: str
    source: str
    detail: Mapping[str, Any] = field(repr=False, hash=False)
    detail_type: str | None = None
    time: str | None = None
    account: str | None = None
    region: str | None = None
    resources: tuple[str, ...] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the envelope as EventBridge writes it; what was not sent is absent."""
        envelope = {
            "id": self.id,
            "source": self.source,
            "detail-type": self.detail_type,
            "time": self.time,
            "account": self.account,
            "region": self.region,
            "resources": None if self.resources is None else list(self.resources),
            "detail": self.detail,
        }
        return {key: value for key, value in envelope.items() if value is not None}
