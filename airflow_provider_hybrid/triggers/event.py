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

MAX_BYTES = 2 * 1024 * 1024
"""Bytes of messages from which on a batch takes no more: it becomes a row of Airflow's database."""


class MessagesEvent(TriggerEvent):
    """A batch of messages, or why there is none.

    Written as text it holds no body: the triggerer logs it.
    """

    @classmethod
    async def batch(cls, queue_url: str, messages: list[Message]) -> MessagesEvent:
        """Carry a batch; written in a thread, as it may be large."""
        packed = await asyncio.to_thread(pack_messages, messages)
        return cls(payload=_payload(queue_url, messages, packed))

    @classmethod
    def failure(cls, error: str) -> MessagesEvent:
        """Carry what somebody must mend before any message can be received."""
        return cls(payload=_payload("", error=error))

    def __repr__(self) -> str:
        """Show queue, count and error only."""
        shown = {key: self.payload[key] for key in ("queue_url", "count", "error")}
        return f"{type(self).__name__}<{shown}>"

    __str__ = __repr__


def read_messages(payload: dict[str, Any]) -> list[Message]:
    """Return the messages that an event carries.

    Raises:
        QueueError: If it carries what somebody must mend instead.
    """
    if payload["error"]:
        raise QueueError(payload["error"])
    return unpack_messages(payload["messages"]) if payload["count"] else []


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


def pack_messages(messages: Iterable[Message]) -> str:
    """Write messages as text, which Airflow carries without reading any meaning into it.

    Notifications resemble each other: compressed they take a tenth, and every task of a run that an asset
    event triggers is sent that event.
    """
    text = json.dumps([message.as_dict() for message in messages])
    return base64.b64encode(zlib.compress(text.encode())).decode()


def unpack_messages(text: str) -> list[Message]:
    """Read what `pack_messages` wrote."""
    return [Message(**fields) for fields in json.loads(zlib.decompress(base64.b64decode(text)))]
