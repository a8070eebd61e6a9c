"""Messages that people have as text: a body, or what AWS's command line prints."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from airflow_provider_hybrid.events.message import Message

NAMELESS = "the-message-id"
"""The id of a message of which only the body is known."""


def read_messages(text: str, queue: str, now: float) -> list[Message]:
    """Read messages from the output of `aws sqs receive-message`, also a part (``--query``), or from a body.

    Lines with a message each are messages, too.

    Args:
        text: The output, the lines, or the body.
        queue: The queue's name.
        now: When a message was sent that does not say so, in seconds since 1970.

    Returns:
        The messages; none if the command has received none.
    """
    sent_now = {"SentTimestamp": str(int(now * 1000))}
    bare = [Message(NAMELESS, text, sent_now, queue_name=queue)]
    try:
        document = json.loads(text)
    except RecursionError:
        return bare
    except ValueError:
        document = _lines(text)
    received = document.get("Messages", [document]) if isinstance(document, dict) else document
    if received is None:
        return []
    if isinstance(received, list) and all(map(_is_received, received)):
        messages = [Message.from_sqs(entry, queue) for entry in received]
        return [
            replace(message, attributes={**message.attributes, **sent_now})
            if message.sent_at is None
            else message
            for message in messages
        ]
    return bare


def _lines(text: str) -> list[Any]:
    """Read a JSON value from each line; a value that is no message if one has none."""
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()] or [text]
    except (ValueError, RecursionError):
        return [text]


def _is_received(entry: Any) -> bool:
    """Say whether this is a message as SQS hands it out."""
    if not isinstance(entry, dict):
        return False
    texts = (entry.get(name) for name in ("MessageId", "ReceiptHandle", "Body"))
    objects = (entry.get(name, {}) for name in ("Attributes", "MessageAttributes"))
    return (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(found, dict) for found in objects)
        and all(isinstance(value, str) for value in entry.get("Attributes", {}).values())
        and all(isinstance(value, dict) for value in entry.get("MessageAttributes", {}).values())
    )
