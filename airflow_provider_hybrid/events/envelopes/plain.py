"""A JSON object in nobody's envelope: all of it is the event's ``detail``."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message

UNKNOWN_SOURCE = "sqs"


def recognises(_body: dict[str, Any]) -> bool:
    """Say yes: any JSON object will do."""
    return True


def open_envelope(body: dict[str, Any], message: Message) -> list[Event]:
    """Make the queue the source, the message id the event's id and the time of sending its time."""
    sent = message.attributes.get("SentTimestamp")
    return [
        Event(
            id=message.message_id,
            source=message.queue_name or UNKNOWN_SOURCE,
            detail=body,
            time=_iso(sent) if sent else None,
        )
    ]


def _iso(milliseconds: str) -> str:
    moment = datetime.fromtimestamp(int(milliseconds) / 1000, tz=timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
