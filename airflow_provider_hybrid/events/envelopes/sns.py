"""SNS's envelope around a message of any kind (without raw message delivery).

https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import MessageParseError


def recognises(body: dict[str, Any]) -> bool:
    """Tell SNS's envelope by its type and its topic."""
    return body.get("Type") == "Notification" and "TopicArn" in body and "Message" in body


def open_envelope(body: dict[str, Any], message: Message) -> Message:
    """Return the message inside, with the attributes that its publisher gave it."""
    inner = body["Message"]
    if not isinstance(inner, str):
        raise MessageParseError("SNS's envelope: 'Message' is not a string")
    attributes = body.get("MessageAttributes", {})
    if not isinstance(attributes, dict) or not all(isinstance(value, dict) for value in attributes.values()):
        raise MessageParseError("SNS's envelope: 'MessageAttributes' is not an object of objects")
    return replace(
        message,
        body=inner,
        message_attributes={
            name: {"DataType": value.get("Type", "String"), "StringValue": value.get("Value", "")}
            for name, value in attributes.items()
        },
    )
