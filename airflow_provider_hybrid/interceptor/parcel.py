"""The content of one message, and the log, which names it by its id."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass

from airflow_provider_hybrid.events.records.facts import Json, RecordError, at, stable_id


@dataclass(frozen=True)
class Parcel:
    """The content of one message.

    Args:
        id: The event's id. If the input is forwarded unchanged: its own id, or one derived from its content.
        body: JSON, in characters that SQS accepts.
        event: The event in EventBridge's envelope; None if the input is forwarded unchanged.
        item: The identifier of its record in a partial batch response; None if it cannot be reported alone.
        trace: X-Ray's header.
    """

    id: str
    body: str
    event: Json | None
    item: str | None
    trace: str | None

    @functools.cached_property
    def group(self) -> str:
        """The message group in a FIFO queue; the event's own if it lacks the field that makes the group."""
        return self._group_by(os.environ.get("MESSAGE_GROUP_FIELD") or "id") or stable_id(self.id)

    @functools.cached_property
    def sender(self) -> str | None:
        """The message group in a standard queue; none if the event lacks the field that makes the group.

        SQS then lets nobody wait for the messages of another group.
        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
        """
        path = os.environ.get("MESSAGE_GROUP_FIELD", "detail.bucket.name")
        return self._group_by(path) if path else None

    def _group_by(self, path: str) -> str | None:
        """Return a hash of a field's value, which may be longer than SQS allows for a group."""
        try:
            value = at(self.event, *path.split("."))
        except RecordError:
            return None
        return stable_id(value) if value else None


def log(level: str, message: str, parcels: Sequence[Parcel], **facts: str | int) -> None:
    """Write a line of JSON with the parcels' ids, and nothing else of an event."""
    ids = [parcel.id[:128] for parcel in parcels]
    print(json.dumps({"level": level, "message": message, **facts, "event_ids": ids}))  # noqa: T201  (CloudWatch)
