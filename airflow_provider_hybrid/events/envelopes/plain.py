"""A JSON object in nobody's envelope: all of it is the event's ``detail``.

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
    """Say yes: any JSON object will do."""
    return True


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Opened]:
    """Make the queue the source and the time of sending the event's time.

    The id is the message's identity: every copy of the message has it, and it comes back with it from the
    dead-letter queue.
    """
    event = Event(
        id=message.identity,
        source=message.queue_name or UNKNOWN_SOURCE,
        detail=body,
        time=_time_of_sending(message),
    )
    yield Opened(event, message)


def _time_of_sending(message: Message) -> str | None:
    milliseconds = str(message.attributes.get("SentTimestamp"))
    return iso(float(milliseconds) / 1000) if milliseconds.isdecimal() else None
