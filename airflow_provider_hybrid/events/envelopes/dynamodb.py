"""Records of a DynamoDB stream, as Lambda receives them.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airflow_provider_hybrid.events.envelopes.envelope import Opened
from airflow_provider_hybrid.events.envelopes.listed import has_records_from, open_records
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.dynamodb import dynamodb_event


def recognises(body: dict[str, Any]) -> bool:
    """Say whether a body lists DynamoDB's records."""
    return has_records_from(body, "aws:dynamodb")


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Opened]:
    """Return one event per record."""
    return open_records("DynamoDB's records", dynamodb_event, body, message)
