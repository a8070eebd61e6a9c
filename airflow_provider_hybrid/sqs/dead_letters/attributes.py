"""The message attributes that the dispatcher adds to a dead letter."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.wire import IDENTITY, NOT_IN_SQS, SENT_AT, attributes_size

ERROR_TYPE = "HybridErrorType"
ERROR_MESSAGE = "HybridErrorMessage"
ROUTE = "HybridRoute"
DISPATCHER_RUN = "HybridDispatcherRun"

OURS = {IDENTITY, SENT_AT, ERROR_TYPE, ERROR_MESSAGE, ROUTE, DISPATCHER_RUN}

MAX_MESSAGE_ATTRIBUTES = 10
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html"""

MAX_TEXT = 1000
"""Characters of a reason that go into a message attribute."""


def sendable_attributes(
    message: Message, ours: Mapping[str, str], max_bytes: int
) -> dict[str, dict[str, Any]]:
    """Return a message's own attributes and as many of ours as SQS's limits leave room for.

    Attributes of ours that the message already has are replaced or removed.

    Args:
        message: As received.
        ours: Names and texts, the most important first; an empty text is left out.
        max_bytes: The most bytes of a message in the queue that it goes to.
    """
    attributes = {
        name: _with_bytes(value) for name, value in message.message_attributes.items() if name not in OURS
    }
    room = max_bytes - len(message.body.encode()) - attributes_size(attributes)
    for name, text in ours.items():
        attribute = {"DataType": "String", "StringValue": text}
        size = attributes_size({name: attribute})
        if text and len(attributes) < MAX_MESSAGE_ATTRIBUTES and size <= room:
            attributes[name] = attribute
            room -= size
    return attributes


def attribute_text(text: str) -> str:
    """Shorten a text, and replace the characters that SQS does not take."""
    return NOT_IN_SQS.sub("?", text)[:MAX_TEXT]


def _with_bytes(attribute: Mapping[str, Any]) -> dict[str, Any]:
    """Return an attribute with its binary value as bytes; `Message` carries it in JSON as base64."""
    sendable = {
        key: value for key, value in attribute.items() if key in {"DataType", "StringValue", "BinaryValue"}
    }
    if "BinaryValue" in sendable:
        sendable["BinaryValue"] = base64.b64decode(sendable["BinaryValue"])
    return sendable
