"""The message attributes that a dead letter has beside its own."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from airflow_provider_hybrid.events.message import Message, attributes_size
from airflow_provider_hybrid.events.wire import IDENTITY

ERROR_TYPE = "HybridErrorType"
ERROR_MESSAGE = "HybridErrorMessage"
ROUTE = "HybridRoute"
DISPATCHER_RUN = "HybridDispatcherRun"

OURS = {IDENTITY, ERROR_TYPE, ERROR_MESSAGE, ROUTE, DISPATCHER_RUN}

MAX_MESSAGE_ATTRIBUTES = 10
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html"""

MAX_MESSAGE_BYTES = 1024 * 1024
"""Of a message with its attributes, and of all those in a batch.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""

MAX_TEXT = 1000
"""Characters of a reason that go into a message attribute."""

_NOT_IN_SQS = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What SQS refuses in a string (it takes the characters of XML 1.0)."""


def sendable_attributes(message: Message, ours: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return a message's own attributes and as many of ours as SQS's limits leave room for.

    Ours that it has from an earlier time are replaced, or removed.

    Args:
        message: As received.
        ours: Names and texts, the most important first; an empty text is left out.
    """
    attributes = {
        name: _with_bytes(value) for name, value in message.message_attributes.items() if name not in OURS
    }
    room = MAX_MESSAGE_BYTES - len(message.body.encode()) - attributes_size(attributes)
    for name, text in ours.items():
        attribute = {"DataType": "String", "StringValue": text}
        size = attributes_size({name: attribute})
        if text and len(attributes) < MAX_MESSAGE_ATTRIBUTES and size <= room:
            attributes[name] = attribute
            room -= size
    return attributes


def attribute_text(text: str) -> str:
    """Write a text as SQS takes it, and not too long."""
    return _NOT_IN_SQS.sub("?", text)[:MAX_TEXT]


def _with_bytes(attribute: Mapping[str, Any]) -> dict[str, Any]:
    """Undo what `Message` did to a binary value to carry it in JSON."""
    sendable = {
        key: value for key, value in attribute.items() if key in {"DataType", "StringValue", "BinaryValue"}
    }
    if "BinaryValue" in sendable:
        sendable["BinaryValue"] = base64.b64decode(sendable["BinaryValue"])
    return sendable
