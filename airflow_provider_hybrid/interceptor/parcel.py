"""What becomes one message, and how the log names it."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass

from airflow_provider_hybrid.events.records.facts import Json, RecordError, at, stable_id


@dataclass(frozen=True)
class Parcel:
    """What becomes one message.

    Args:
        id: The event's id; of what leaves as it came, the message's, or one that is made of what it says.
        body: JSON, of characters that SQS takes.
        event: In EventBridge's envelope; None for what leaves as it came.
        item: What AWS calls the record that it came in, if that can be reported alone.
        trace: X-Ray's header.
    """

    id: str
    body: str
    event: Json | None
    item: str | None
    trace: str | None

    @functools.cached_property
    def group(self) -> str:
        """The message group; a hash, as a field's value may be longer than SQS allows."""
        path = os.environ.get("MESSAGE_GROUP_FIELD") or "id"
        try:
            return stable_id(at(self.event, *path.split(".")) or self.id)
        except RecordError:
            return stable_id(self.id)


def log(level: str, message: str, parcels: Sequence[Parcel], **facts: str | int) -> None:
    """Write a line of JSON: ids, and nothing of what an event holds."""
    ids = [parcel.id[:128] for parcel in parcels]
    print(json.dumps({"level": level, "message": message, **facts, "event_ids": ids}))  # noqa: T201  (CloudWatch)
