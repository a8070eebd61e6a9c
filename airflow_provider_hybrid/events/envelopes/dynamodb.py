"""Records of a DynamoDB stream, as Lambda receives them.

- https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
- https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airflow_provider_hybrid.events.envelopes.fields import Fields
from airflow_provider_hybrid.events.envelopes.records import account_of, has_records_from
from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.moment import iso
from airflow_provider_hybrid.events.opened import Opened

SOURCE = "aws.dynamodb"


def recognises(body: dict[str, Any]) -> bool:
    """Tell them by the service that each record names."""
    return has_records_from(body, "aws:dynamodb")


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Opened]:
    """Return one event per record: its ``dynamodb`` object, values in DynamoDB's typed JSON.

    The detail-type is what was done: ``INSERT``, ``MODIFY`` or ``REMOVE``. AWS calls a record's ``eventID``
    globally unique.
    """
    for record in Fields("DynamoDB's records", body).objects("Records"):
        change = record.required_object("dynamodb")
        table = record.text("eventSourceARN")
        event = Event(
            id=record.required_text("eventID"),
            source=SOURCE,
            detail=change.value,
            detail_type=record.required_text("eventName"),
            time=iso(change.value.get("ApproximateCreationDateTime")),
            account=account_of(record),
            region=record.text("awsRegion"),
            resources=(table,) if table else None,
        )
        yield Opened(event, message)
