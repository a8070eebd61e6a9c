"""The event that a trigger yields."""

from __future__ import annotations

import asyncio
import base64
import json
import time
import zlib
from collections.abc import Iterable
from typing import Any

from airflow.triggers.base import TriggerEvent

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import QueueError

MAX_EVENT_BYTES = 2 * 1024 * 1024
"""Bytes of messages from which on a batch takes no more, as it becomes a row of Airflow's database."""


class MessagesEvent(TriggerEvent):
    """A batch of messages, or an error that somebody must mend.

    Its text shows no message body, as the triggerer logs it.
    """

    @classmethod
    async def batch(
        cls, queue_url: str, messages: list[Message], *, is_stream: bool = False
    ) -> MessagesEvent:
        """Make the event for a batch; a thread packs the messages, as they may be large.

        Args:
            queue_url: The queue that they came from.
            messages: The batch.
            is_stream: Whether they came soon after the last ones, so that further ones may come as soon.
        """
        packed = await asyncio.to_thread(_pack, messages)
        return cls(payload={**_payload(queue_url, messages, packed), "is_stream": is_stream})

    @classmethod
    def failure(cls, error: str, *, goes_on: bool = False) -> MessagesEvent:
        """Make the event for an error that somebody must mend.

        Args:
            error: What is wrong, and what to do.
            goes_on: Whether the dispatcher receives messages all the same.
        """
        return cls(payload={**_payload("", error=error), "goes_on": goes_on})

    def __repr__(self) -> str:
        """Show queue, count and error only."""
        shown = {key: self.payload[key] for key in ("queue_url", "count", "error")}
        return f"{type(self).__name__}<{shown}>"

    __str__ = __repr__


def read_messages(payload: dict[str, Any]) -> list[Message]:
    """Return the messages that an event carries.

    Raises:
        QueueError: If it carries an error instead.
    """
    if payload["error"]:
        raise QueueError(payload["error"])
    return _unpack(payload["messages"]) if payload["count"] else []


def _payload(
    queue_url: str, messages: list[Message] | None = None, packed: str = "", error: str | None = None
) -> dict[str, Any]:
    return {
        "queue_url": queue_url,
        "count": len(messages or ()),
        "messages": packed,
        "received_at": time.time(),
        "error": error,
    }


def _pack(messages: Iterable[Message]) -> str:
    """Write messages as text, which Airflow carries without reading any meaning into it.

    Notifications resemble each other: compressed, they take a tenth of the space.
    """
    text = json.dumps([message.as_dict() for message in messages])
    return base64.b64encode(zlib.compress(text.encode())).decode()


def _unpack(text: str) -> list[Message]:
    return [Message(**fields) for fields in json.loads(zlib.decompress(base64.b64decode(text)))]
