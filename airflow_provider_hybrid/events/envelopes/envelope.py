"""The contract that each module of this folder keeps."""

from __future__ import annotations

from typing import Any, Protocol

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message


class Envelope(Protocol):
    """One way to wrap events into a JSON object."""

    def recognises(self, body: dict[str, Any], /) -> bool:
        """Say whether this JSON object is such an envelope."""

    def open_envelope(self, body: dict[str, Any], message: Message, /) -> list[Event] | Message:
        """Return the events inside, or the message inside, still to be opened.

        Args:
            body: The message's body, parsed.
            message: The message itself, for its ids and attributes.

        Raises:
            MessageParseError: If the envelope is broken; the text names the field.
        """
