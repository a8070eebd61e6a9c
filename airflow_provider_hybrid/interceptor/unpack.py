"""From an invocation to parcels.

A known event gets EventBridge's envelope, and the id that Airflow's side derives for the same event
(docs/events.md): both translate records with the same functions. Input that does not fit into that envelope
is forwarded unchanged: text that is no JSON, a message with attributes or a subject, a CloudEvent. Airflow's
side opens it and derives the id.
"""

from __future__ import annotations

import base64
import functools
import json
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

from airflow_provider_hybrid.events.records.dynamodb import dynamodb_event
from airflow_provider_hybrid.events.records.eventbridge import eventbridge_id, is_eventbridge
from airflow_provider_hybrid.events.records.facts import Json, at, iso, required, stable_id
from airflow_provider_hybrid.events.records.kinesis import kinesis_event, kinesis_fields
from airflow_provider_hybrid.events.records.no_event import why_no_event
from airflow_provider_hybrid.events.records.s3 import s3_event
from airflow_provider_hybrid.events.records.service import service_event
from airflow_provider_hybrid.events.records.shapes import (
    is_record,
    service_of,
    with_records,
    without_receipt_handle,
)
from airflow_provider_hybrid.events.records.wire import json_body
from airflow_provider_hybrid.interceptor.parcel import Parcel


def unpack(event: Any) -> Iterator[Parcel]:
    """Yield the parcels of an invocation, in the order in which their events came.

    Input without an id gets one that is derived from its content, so each try gives it the same id.

    EventBridge Pipes hands over an array, even of one record. It identifies a failed record by its
    ``eventID``, while Lambda's own event source mappings identify it by its sequence number.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
    """
    trace = os.environ.get("_X_AMZN_TRACE_ID")
    if isinstance(event, list) and event and not why_no_event(event):
        for number, element in enumerate(event):
            if is_record(element):
                item = at(element, "messageId") or at(element, "eventID")
                yield from pack_record(element, item, trace)
            else:
                yield from pack_object(element, stable_id(number, element), trace)
        return
    records = with_records(event).get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list) or not records or not all(map(is_record, records)):
        yield from pack_object(event, stable_id(event), trace)
        return
    for record in records:
        item = at(record, "messageId") or at(record, "kinesis", "sequenceNumber")
        item = item or at(record, "dynamodb", "SequenceNumber")
        # A sender that does not write `Records` as Lambda does reads no answer about single records.
        yield from pack_record(record, item if isinstance(event.get("Records"), list) else None, trace)


def pack_record(record: Json, item: str | None, trace: str | None) -> list[Parcel]:
    """Pack the events in a record of an AWS service."""
    came = {"Records": [without_receipt_handle(record)]}
    return pack(
        functools.partial(open_record, record),
        came,
        item or at(record, "Sns", "MessageId") or stable_id(came),
        item,
        at(record, "attributes", "AWSTraceHeader") or trace,
    )


def pack_object(value: Any, came_id: str, trace: str | None) -> list[Parcel]:
    """Pack the events in any other input of the function."""
    frame = {"id": came_id, "source": queue_name(os.environ["QUEUE_URL"])}
    return pack(lambda: open_object(value, frame), value, came_id, None, trace)


def pack(
    opened: Callable[[], list[Json]], came: Any, came_id: str, item: str | None, trace: str | None
) -> list[Parcel]:
    """Return a parcel for each event, or one with the unchanged input if no envelope can hold it."""
    try:
        return [Parcel(event["id"], json_body(event), event, item, trace) for event in opened()]
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return [Parcel(came_id, json_body(came), None, item, trace)]


def open_record(record: Json) -> list[Json]:
    """Return the events in a record; it raises the errors of `open_object`."""
    source = service_of(record)
    if source == "aws:kinesis":
        return [kinesis_event(record, decoded(required(kinesis_fields(record), "data")))]
    if source == "aws:dynamodb":
        return [dynamodb_event(record)]
    if source == "aws:sns":
        sns = record["Sns"]
        bare = not sns.get("MessageAttributes") and not sns.get("Subject")
        frame = {"id": sns["MessageId"], "source": queue_name(os.environ["QUEUE_URL"])}
        return open_object(json.loads(sns["Message"]), {**frame, "time": sns["Timestamp"]} if bare else None)
    if source == "aws:sqs":
        attributes = record["attributes"]
        frame = {
            "id": attributes.get("MessageDeduplicationId") or record["messageId"],
            "source": queue_name(record["eventSourceARN"]),
            "time": iso(int(attributes["SentTimestamp"]) / 1000),
        }
        named = record.get("messageAttributes") or {}
        if any(name.endswith("specversion") for name in named):
            raise ValueError("a CloudEvent, whatever its body looks like")
        return open_object(json.loads(record["body"]), None if named else frame)
    if "s3" in record or source.endswith(":s3"):
        return [s3_event(record)]
    return [service_event(record)]


def open_object(value: Any, frame: Json | None) -> list[Json]:
    """Return the events in a JSON object.

    Args:
        value: The object.
        frame: The envelope's fields for an object that is in none; None if they do not hold all its facts.

    Raises:
        ValueError: If the input must be forwarded unchanged. Other errors mean the same.
    """
    if why_no_event(value):
        raise ValueError("Airflow's side says what to do about it")
    if value.get("Type") == "Notification" and "TopicArn" in value and "Message" in value:
        return open_object(json.loads(value["Message"]), None)
    if records := with_records(value).get("Records"):
        return [s3_event(record) for record in records]
    if value.get("Event") == "s3:TestEvent" and "Bucket" in value:
        return []
    if is_eventbridge(value):
        return [{**value, "id": eventbridge_id(value)}]
    if frame is None or "specversion" in value:
        raise ValueError("it does not fit into the envelope")
    return [{"version": "0", "detail-type": None, **frame, "detail": value}]


ODD = re.compile(r"\ufeff|\\u0000|\\u[dD]|\0|\d{19}|[eE]\+?\d{3}|NaN|Infinity|([\[{][^\[{]*){50}")
"""A part of a text that Airflow might not be able to carry once it is decoded."""


def decoded(encoded: str) -> Json:
    """Decode the data of a Kinesis record to JSON, else to text, or keep it as ``data_base64``."""
    try:
        data = base64.b64decode(encoded, validate=True).decode()
    except UnicodeDecodeError:
        return {"data_base64": encoded}
    if ODD.search(data):
        raise ValueError("Airflow's side decides")
    try:
        return {"data": json.loads(data)}
    except json.JSONDecodeError:
        return {"data": data}


def queue_name(place: str) -> str:
    """Return the name at the end of a queue's URL or ARN."""
    return re.split("[:/]", place)[-1]
