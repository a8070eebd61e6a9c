"""SNS's envelope around a message of any kind.

With raw message delivery SNS adds no envelope: the body is the message itself, its attributes are SQS's
message attributes, and there is no subject.

- https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
- https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from airflow_provider_hybrid.events.envelopes.fields import Fields
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.wire import IDENTITY


def recognises(body: dict[str, Any]) -> bool:
    """Say whether a body has the type, the topic and the message of SNS's envelope."""
    return body.get("Type") == "Notification" and "TopicArn" in body and "Message" in body


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Message]:
    """Return the message inside."""
    yield unwrap(Fields("SNS's envelope", body), message)


def unwrap(fields: Fields, message: Message) -> Message:
    """Return the message inside, with its publisher's attributes.

    SNS may deliver a message twice, with the same ``MessageId``: this becomes the message's id. ``Subject``
    and ``TopicArn`` join SQS's own attributes, because a publisher cannot overwrite those.

    In a standard queue the message inside does not get ``HybridMessageId`` from the message around it: SNS's
    id is in the body, and a dead-letter queue does not change it. In a FIFO queue it does: the deduplication
    id goes before SNS's id there, and ``HybridMessageId`` holds it.

    Args:
        fields: SNS's envelope.
        message: The message around it.
    """
    said = {name: fields.text(name) for name in ("Subject", "TopicArn")}
    attributes = fields.object("MessageAttributes")
    published = {name: _attribute(attributes.object(name)) for name in attributes.value}
    around = {
        name: value
        for name, value in message.message_attributes.items()
        if name != IDENTITY or "MessageDeduplicationId" in message.attributes
    }
    return replace(
        message,
        message_id=fields.text("MessageId") or message.message_id,
        body=fields.required_text("Message"),
        attributes={**message.attributes, **{name: text for name, text in said.items() if text}},
        message_attributes={**around, **published},
    )


def _attribute(fields: Fields) -> dict[str, str]:
    """Write an attribute in SQS's form; binary values are base64 text in both."""
    data_type = fields.text("Type") or "String"
    value = "BinaryValue" if data_type.startswith("Binary") else "StringValue"
    return {"DataType": data_type, value: fields.text("Value") or ""}
