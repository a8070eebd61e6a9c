"""SNS's messages as Lambda receives them: SNS's envelopes in a list of records.

https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airflow_provider_hybrid.events.envelopes.fields import Fields
from airflow_provider_hybrid.events.envelopes.listed import has_records_from
from airflow_provider_hybrid.events.envelopes.sns import unwrap
from airflow_provider_hybrid.events.message import Message


def recognises(body: dict[str, Any]) -> bool:
    """Say whether a body lists SNS's records."""
    return has_records_from(body, "aws:sns")


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Message]:
    """Return the message in each record."""
    for record in Fields("SNS's records", body).objects("Records"):
        yield unwrap(record.required_object("Sns"), message)
