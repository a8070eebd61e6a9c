"""Lists of records, in which AWS services send events to Lambda, and S3 to every target.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from airflow_provider_hybrid.events.envelopes import eventbridge
from airflow_provider_hybrid.events.envelopes.envelope import Opened
from airflow_provider_hybrid.events.envelopes.fields import Fields
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.facts import Json, RecordError
from airflow_provider_hybrid.events.records.shapes import service_of
from airflow_provider_hybrid.exceptions import MessageParseError


def has_records_from(body: dict[str, Any], event_source: str) -> bool:
    """Say whether a body lists records of a service, such as ``aws:kinesis``.

    One of them is enough: if another record is broken, the message is an error, and not plain JSON.
    """
    records = body.get("Records")
    return isinstance(records, list) and any(
        isinstance(record, dict) and service_of(record) == event_source for record in records
    )


def open_records(
    envelope: str, translate: Callable[[Json], Json], body: dict[str, Any], message: Message
) -> Iterator[Opened]:
    """Yield one event per record.

    Args:
        envelope: The name of the envelope in an error.
        translate: Translates a record to EventBridge's envelope.
        body: The message's body, parsed.
        message: The message itself.

    Raises:
        MessageParseError: If a record is not what its service sends.
    """
    for index, record in enumerate(Fields(envelope, body).objects("Records")):
        try:
            event = translate(record.value)
        except RecordError as error:
            raise MessageParseError(f"{envelope}, record {index}: {error}") from None
        yield from eventbridge.open_envelope(event, message)
