"""Records of AWS services that have no module of their own here, such as SES and CodeCommit.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airflow_provider_hybrid.events.envelopes.envelope import Opened
from airflow_provider_hybrid.events.envelopes.listed import open_records
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.service import service_event
from airflow_provider_hybrid.events.records.shapes import is_record


def recognises(body: dict[str, Any]) -> bool:
    """Say whether a body lists records of any AWS service."""
    records = body.get("Records")
    return isinstance(records, list) and any(map(is_record, records))


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Opened]:
    """Return one event per record."""
    return open_records("The records of an AWS service", service_event, body, message)
