"""Messages on their way through Airflow's database: compressed JSON text."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable

from airflow_provider_hybrid.events.message import Message


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
