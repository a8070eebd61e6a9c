"""The message, as SQS hands it out."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from airflow_provider_hybrid.events.records.s3 import S3Keys
from airflow_provider_hybrid.events.records.wire import IDENTITY, SENT_AT, attributes_size

_MILLISECONDS = re.compile("[0-9]{1,14}")
"""Milliseconds since 1970, before the year 5138."""


@dataclass(frozen=True)
class Message:
    """One SQS message.

    Only its id shows in its ``repr``: what a message carries does not belong in a log.

    Args:
        message_id: SQS's id; the same in every delivery of this message.
        body: The text, as sent.
        attributes: System attributes in SQS's form, all of them strings
            (``ApproximateReceiveCount``, ``SentTimestamp`` in milliseconds, ``MessageGroupId``, ...).
        message_attributes: The sender's attributes in SQS's form
            (``{"Name": {"DataType": "String", "StringValue": "..."}}``); binary values are base64 text.
        receipt_handle: SQS's key to this delivery, for example to delete it; empty if it came from no queue.
        queue_name: The queue that it came from. An event that names no source has this one.
        received_at: When it was received, in seconds since 1970; None if it came from no queue.
        s3_keys: The form of object keys in S3's notifications on that queue.
    """

    message_id: str
    body: str = field(repr=False)
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    message_attributes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False, hash=False)
    receipt_handle: str = field(default="", repr=False)
    queue_name: str = field(default="", repr=False)
    received_at: float | None = field(default=None, repr=False, compare=False)
    s3_keys: S3Keys = field(default="auto", repr=False)

    @classmethod
    def from_sqs(
        cls, received: Mapping[str, Any], queue_name: str = "", received_at: float | None = None
    ) -> Message:
        """Read one entry of ``Messages`` in a ReceiveMessage response."""
        return cls(
            message_id=received["MessageId"],
            body=received["Body"],
            attributes=received.get("Attributes", {}),
            message_attributes={
                name: _without_bytes(value) for name, value in received.get("MessageAttributes", {}).items()
            },
            receipt_handle=received["ReceiptHandle"],
            queue_name=queue_name,
            received_at=received_at,
        )

    @property
    def identity(self) -> str:
        """The id that stays the same when SQS gives the message a new one.

        It is the first of these that the message has: the message attribute ``HybridMessageId``, which dead
        letters and unchanged messages of the interceptor have; the deduplication id, which the producer of a
        FIFO queue gives to every copy; SQS's id.
        """
        kept = self.message_attributes.get(IDENTITY, {}).get("StringValue")
        if isinstance(kept, str) and kept:
            return kept
        return self.attributes.get("MessageDeduplicationId") or self.message_id

    def part(self, index: int) -> Message:
        """Return the message for one element of its body, a JSON array. It has its own identity."""
        identity = {"DataType": "String", "StringValue": f"{self.identity}-{index}"}
        return replace(self, message_attributes={**self.message_attributes, IDENTITY: identity})

    @property
    def group_id(self) -> str | None:
        """The message group; None if the sender named none."""
        return self.attributes.get("MessageGroupId")

    @property
    def sent_at(self) -> float | None:
        """When it was sent, in seconds since 1970; None if SQS did not tell."""
        first = self.message_attributes.get(SENT_AT, {}).get("StringValue")
        said = (self.attributes.get("SentTimestamp", ""), first if isinstance(first, str) else "")
        moments = [int(text) / 1000 for text in said if _MILLISECONDS.fullmatch(text)]
        return min(moments) if moments and said[0] else None

    @property
    def receive_count(self) -> int:
        """The number of times that SQS has handed out this message, this time included."""
        return int(self.attributes.get("ApproximateReceiveCount", 1))

    @property
    def size(self) -> int:
        """The bytes as SQS counts them: the body, and name, type and value of each message attribute."""
        return len(self.body.encode()) + attributes_size(self.message_attributes)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields by name, ready for JSON; ``Message(**fields)`` reads them back."""
        return asdict(self)


def _without_bytes(attribute: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a binary value into base64 text, so that a message fits into JSON."""
    return {
        key: base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for key, value in attribute.items()
    }
