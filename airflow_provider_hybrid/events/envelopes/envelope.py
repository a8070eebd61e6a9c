"""The contract that each envelope's module keeps, and the opened event that it returns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message


class Envelope(Protocol):
    """One way to wrap events into a JSON object."""

    def recognises(self, body: dict[str, Any], /) -> bool:
        """Say whether a JSON object is such an envelope."""

    def open_envelope(self, body: dict[str, Any], message: Message, /) -> Iterable[Opened | Message]:
        """Return the events inside, and the messages inside that are still to be opened.

        Args:
            body: The message's body, parsed.
            message: The message itself, for its ids and attributes.

        Raises:
            MessageParseError: If the envelope is broken; the text names the field.
        """


class Opened(NamedTuple):
    """An event, and the message in which it lay.

    The message is the innermost one: behind SNS it has the publisher's message attributes, and ``Subject``
    and ``TopicArn`` beside SQS's own attributes. To delete or dead-letter, take the message as received.
    """

    event: Event
    message: Message
