"""SNS's envelope around a message of any kind.

With raw message delivery SNS adds none: the body is the message itself, its attributes are SQS's message
attributes, and there is no subject.

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
    """Tell SNS's envelope by its type and its topic."""
    return body.get("Type") == "Notification" and "TopicArn" in body and "Message" in body


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Message]:
    """Return the message inside."""
    yield unwrap(Fields("SNS's envelope", body), message)


def unwrap(fields: Fields, message: Message) -> Message:
    """Return the message inside, with all that its publisher said.

    SNS may deliver twice, with the same ``MessageId``, which therefore becomes the message's id. ``Subject``
    and ``TopicArn`` join SQS's own attributes, since a publisher cannot overwrite those.

    SNS's id is in the body and needs no help to survive a dead-letter queue: ``HybridMessageId``, which holds
    the id of the message around it, stays outside. In a FIFO queue it stands for the deduplication id, which
    goes before SNS's id there.

    Args:
        fields: SNS's envelope.
        message: The message whose body it is.
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
