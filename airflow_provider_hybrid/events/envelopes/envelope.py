"""The contract that each module of this folder keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.opened import Opened


class Envelope(Protocol):
    """One way to wrap events into a JSON object."""

    def recognises(self, body: dict[str, Any], /) -> bool:
        """Say whether this JSON object is such an envelope."""

    def open_envelope(self, body: dict[str, Any], message: Message, /) -> Iterable[Opened | Message]:
        """Return what is inside: events, and messages that are still to be opened.

        Args:
            body: The message's body, parsed.
            message: The message itself, for its ids and attributes.

        Raises:
            MessageParseError: If the envelope is broken; the text names the field.
        """
