"""Records of a Kinesis data stream, as Lambda receives them.

https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from airflow_provider_hybrid.events.envelopes.fields import Fields
from airflow_provider_hybrid.events.envelopes.records import account_of, has_records_from
from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.identity import stable_id
from airflow_provider_hybrid.events.json_text import read_json
from airflow_provider_hybrid.events.limits import why_not_storable
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.moment import iso
from airflow_provider_hybrid.events.opened import Opened
from airflow_provider_hybrid.exceptions import MessageParseError

SOURCE = "aws.kinesis"


def recognises(body: dict[str, Any]) -> bool:
    """Tell them by the service that each record names."""
    return has_records_from(body, "aws:kinesis")


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Opened]:
    """Return one event per record: its ``kinesis`` object, with the data decoded.

    A record has a shard and a sequence number, which are unique within its stream.
    """
    for record in Fields("Kinesis' records", body).objects("Records"):
        kinesis = record.required_object("kinesis")
        stream = record.required_text("eventSourceARN")
        event = Event(
            id=stable_id(stream, record.required_text("eventID")),
            source=SOURCE,
            detail=_decoded(kinesis),
            detail_type=record.required_text("eventName"),
            time=iso(kinesis.value.get("approximateArrivalTimestamp")),
            account=account_of(record),
            region=record.text("awsRegion"),
            resources=(stream,),
        )
        yield Opened(event, message)


def _decoded(kinesis: Fields) -> dict[str, Any]:
    """Decode the data: JSON where it is JSON, else text where it is text, else base64 as ``data_base64``."""
    others = {name: value for name, value in kinesis.value.items() if name != "data"}
    encoded = kinesis.text("data") or ""
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except UnicodeDecodeError:
        return {**others, "data_base64": encoded}
    except ValueError:
        raise MessageParseError(f"{kinesis.envelope}: '{kinesis.path}.data' is not base64") from None
    try:
        data = read_json(text, "the data")
    except MessageParseError:
        data = text
    return {**others, "data_base64": encoded} if why_not_storable(data) else {**others, "data": data}
