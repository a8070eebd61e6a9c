"""Records of a Kinesis data stream, as Lambda receives them.

https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from airflow_provider_hybrid.events.envelopes.envelope import Opened
from airflow_provider_hybrid.events.envelopes.listed import has_records_from, open_records
from airflow_provider_hybrid.events.json_text import read_json
from airflow_provider_hybrid.events.limits import why_not_storable
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.facts import Json, RecordError, text
from airflow_provider_hybrid.events.records.kinesis import kinesis_event, kinesis_fields
from airflow_provider_hybrid.exceptions import MessageParseError


def recognises(body: dict[str, Any]) -> bool:
    """Say whether a body lists Kinesis' records."""
    return has_records_from(body, "aws:kinesis")


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Opened]:
    """Return one event per record."""
    return open_records("Kinesis' records", _event, body, message)


def _event(record: Json) -> Json:
    return kinesis_event(record, _decoded(text(kinesis_fields(record), "data") or ""))


def _decoded(encoded: str) -> Json:
    """Decode the data to JSON, else to text; keep it as ``data_base64`` if it is neither, or not storable."""
    try:
        decoded = base64.b64decode(encoded, validate=True).decode()
    except UnicodeDecodeError:
        return {"data_base64": encoded}
    except ValueError:
        raise RecordError("is not base64", "kinesis", "data") from None
    try:
        data = read_json(decoded, "the data")
    except MessageParseError:
        data = decoded
    return {"data_base64": encoded} if why_not_storable(data) else {"data": data}
