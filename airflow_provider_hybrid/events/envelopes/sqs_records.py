"""SQS's messages as Lambda receives them, forwarded from one queue to another.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airflow_provider_hybrid.events.envelopes.fields import Fields
from airflow_provider_hybrid.events.envelopes.listed import has_records_from
from airflow_provider_hybrid.events.message import Message


def recognises(body: dict[str, Any]) -> bool:
    """Say whether a body lists SQS's records."""
    return has_records_from(body, "aws:sqs")


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Message]:
    """Return each message as its own queue handed it out, but with the outer message's receipt handle."""
    for record in Fields("SQS's records", body).objects("Records"):
        attributes = record.object("attributes")
        message_attributes = record.object("messageAttributes")
        yield Message(
            message_id=record.required_text("messageId"),
            body=record.required_text("body"),
            attributes={name: attributes.text(name) or "" for name in attributes.value},
            message_attributes={
                name: _attribute(message_attributes.object(name)) for name in message_attributes.value
            },
            receipt_handle=message.receipt_handle,
            s3_keys=message.s3_keys,
            queue_name=(record.text("eventSourceARN") or message.queue_name).rpartition(":")[2],
        )


def _attribute(fields: Fields) -> dict[str, str]:
    """Write an attribute in the form of SQS's API; Lambda writes ``dataType`` for ``DataType``."""
    named = {
        "DataType": fields.text("dataType"),
        "StringValue": fields.text("stringValue"),
        "BinaryValue": fields.text("binaryValue"),
    }
    return {name: value for name, value in named.items() if value is not None}
