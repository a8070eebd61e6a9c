"""JSON objects in no known envelope: the whole object is the event's ``detail``.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html names the
attributes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airflow_provider_hybrid.events.envelopes.envelope import Opened
from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.facts import iso

UNKNOWN_SOURCE = "sqs"


def recognises(_body: dict[str, Any]) -> bool:
    """Say yes to any JSON object."""
    return True


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Opened]:
    """Yield the event. Its source is the queue, its time is the time at which the message was sent.

    Its id is the message's identity, which every copy of the message has, also one from a dead-letter queue.
    """
    event = Event(
        id=message.identity,
        source=message.queue_name or UNKNOWN_SOURCE,
        detail=body,
        time=None if message.sent_at is None else iso(message.sent_at),
    )
    yield Opened(event, message)
