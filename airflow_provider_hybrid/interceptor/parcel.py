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
    def group(self) -> str | None:
        """The message group: a hash, because a field's value may be longer than SQS allows.

        In a standard queue an event without the field has none, and the groups are those among whom SQS deals
        fairly.
        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
        """
        fifo = os.environ["QUEUE_URL"].endswith(".fifo")
        path = os.environ.get("MESSAGE_GROUP_FIELD") or f"detail.{'object.key' if fifo else 'bucket.name'}"
        try:
            value = at(self.event, *path.split("."))
        except RecordError:
            value = None
        return stable_id(value or self.id) if value or fifo else None


def log(level: str, message: str, parcels: Sequence[Parcel], **facts: str | int) -> None:
    """Write a line of JSON with the parcels' ids, and nothing else of an event."""
    ids = [parcel.id[:128] for parcel in parcels]
    print(json.dumps({"level": level, "message": message, **facts, "event_ids": ids}))  # noqa: T201  (CloudWatch)
