"""The interceptor: a Lambda function that catches events and hands them on to an SQS queue.

It decides nothing, and all it may do is send to that queue. What it is given (S3's notifications, events of
EventBridge, records of SNS, SQS, Kinesis and DynamoDB streams, a JSON object by direct invocation) leaves in
EventBridge's envelope, with the id that Airflow's side derives for the same event (docs/events.md): both
translate records with the same functions. What has no place in that envelope leaves as it came: text that is
no JSON, a message with attributes or a subject, a CloudEvent. Airflow's side opens it and derives the id.

Nothing is dropped. What SQS did not take is reported: record by record for SQS, Kinesis and DynamoDB, whose
event source mapping must have ``ReportBatchItemFailures``, and by an error for all others. AWS tries again.

Environment:
    QUEUE_URL: The queue. The URL of a FIFO queue ends in ``.fifo``.
    MESSAGE_GROUP_FIELD: The field of an event that makes its message group in a FIFO queue, for example
        ``detail.object.key``. An event without it is a group of its own.
    EVENT_PATTERN: Which events to forward, all by default: an EventBridge event pattern of exact values,
        ``prefix``, ``suffix``, ``anything-but`` and ``exists``. What leaves as it came always does.

It is deployed as one file, with those functions in the place of their import, and needs nothing but Python's
library and boto3.
"""

from __future__ import annotations

import base64
import functools
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from airflow_provider_hybrid.events.records import (
    Json,
    RecordError,
    at,
    dynamodb_event,
    iso,
    kinesis_event,
    required,
    s3_event,
    stable_id,
)

BATCH, BATCH_BYTES = 10, 1024 * 1024
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"""

ATTEMPTS = 3
"""How often an entry is sent that SQS refuses through no fault of its sender."""


class ForwardError(Exception):
    """Events that SQS did not take."""


@dataclass(frozen=True)
class Parcel:
    """What becomes one message.

    Args:
        id: The event's id; of what leaves as it came, the message's or the invocation's.
        body: JSON in ASCII: SQS takes every character of it, and a character is a byte.
        event: In EventBridge's envelope; None for what leaves as it came.
        item: What AWS calls the record that it came in, if that can be reported alone.
        trace: X-Ray's header.
    """

    id: str
    body: str
    event: Json | None
    item: str | None
    trace: str | None

    @functools.cached_property
    def group(self) -> str:
        """The message group; a hash, as a field's value may be longer than SQS allows."""
        path = os.environ.get("MESSAGE_GROUP_FIELD") or "id"
        try:
            return stable_id(at(self.event, *path.split(".")) or self.id)
        except RecordError:
            return stable_id(self.id)


def handler(event: Any, context: Any) -> Json:
    """Forward every event in an invocation.

    Args:
        event: As Lambda hands it over.
        context: Lambda's context.

    Returns:
        The records to try again, as a partial batch response.

    Raises:
        ForwardError: If an event was not forwarded that cannot be reported as a record.
        ValueError: If ``EVENT_PATTERN`` is none.
    """
    pattern = read_pattern(os.environ.get("EVENT_PATTERN") or "{}")
    parcels = []
    for parcel in unpack(event, context.aws_request_id):
        if parcel.event is None or matches(pattern, parcel.event):
            parcels.append(parcel)
        else:
            log("INFO", "not wanted by EVENT_PATTERN", [parcel])
    failed = send(parcels, os.environ["QUEUE_URL"])
    if any(parcel.item is None for parcel in failed):
        raise ForwardError(f"{len(failed)} event(s) were not forwarded; the log has their ids")
    items = dict.fromkeys(parcel.item for parcel in failed)
    return {"batchItemFailures": [{"itemIdentifier": item} for item in items]}


def log(level: str, message: str, parcels: Sequence[Parcel], **facts: str) -> None:
    """Write a line of JSON: ids, and nothing of what an event holds."""
    ids = [parcel.id[:128] for parcel in parcels]
    print(json.dumps({"level": level, "message": message, **facts, "event_ids": ids}))  # noqa: T201  (CloudWatch)


# From an invocation to events.


def unpack(event: Any, request_id: str) -> Iterator[Parcel]:
    """Yield what is to be forwarded, in the order in which it came."""
    trace = os.environ.get("_X_AMZN_TRACE_ID")
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list) or not records or not all(map(is_record, records)):
        frame = {"id": request_id, "source": queue_name(os.environ["QUEUE_URL"])}
        yield from pack(lambda: open_object(event, frame), event, request_id, None, trace)
        return
    for number, record in enumerate(records):
        item = at(record, "messageId") or at(record, "kinesis", "sequenceNumber")
        item = item or at(record, "dynamodb", "SequenceNumber")
        # A receipt handle is the key to a message in its own queue.
        came = {"Records": [{name: value for name, value in record.items() if name != "receiptHandle"}]}
        yield from pack(
            functools.partial(open_record, record),
            came,
            item or at(record, "Sns", "MessageId") or f"{request_id}-{number}",
            item,
            at(record, "attributes", "AWSTraceHeader") or trace,
        )


def pack(
    opened: Callable[[], list[Json]], came: Any, came_id: str, item: str | None, trace: str | None
) -> list[Parcel]:
    """Return the events in their envelopes, or all of it as it came where that cannot be."""
    try:
        return [Parcel(event["id"], json.dumps(event), event, item, trace) for event in opened()]
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return [Parcel(came_id, json.dumps(came), None, item, trace)]


def is_record(value: Any) -> bool:
    """Tell a record of an AWS service, or of a store that speaks S3."""
    return isinstance(value, dict) and not value.keys().isdisjoint({"eventSource", "EventSource", "s3"})


def open_record(record: Json) -> list[Json]:
    """Return the events in a record; see `open_object`."""
    source = record.get("eventSource") or record.get("EventSource")
    if source == "aws:kinesis":
        return [kinesis_event(record, decoded(required(record, "kinesis", "data")))]
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
    return [s3_event(record)]


def open_object(value: Any, frame: Json | None) -> list[Json]:
    """Return the events in a JSON object.

    Args:
        value: The object.
        frame: The envelope for an object that is in none; None if it has no place for all there is to say.

    Raises:
        ValueError: Or another error, if it has to leave as it came.
    """
    if value.get("Type") == "Notification" and "TopicArn" in value and "Message" in value:
        return open_object(json.loads(value["Message"]), None)
    if isinstance(value.get("Records"), list) and value["Records"]:
        return [s3_event(record) for record in value["Records"]]
    if value.get("Event") == "s3:TestEvent" and "Bucket" in value:
        return []
    if value.keys() >= {"id", "source", "detail-type", "detail"}:
        required(value, "id")
        return [value]
    if frame is None or "specversion" in value:
        raise ValueError("there is more to say than the envelope has places for")
    return [{"version": "0", "detail-type": None, **frame, "detail": value}]


ODD = re.compile(r"\\u0000|\\u[dD]|\0|\d{19}|[eE]\+?\d{3}|NaN|Infinity|([\[{][^\[{]*){50}")
"""Data that Airflow might not be able to store once it is decoded."""


def decoded(encoded: str) -> Json:
    """Decode what a Kinesis record holds: JSON, else text, else ``data_base64``."""
    try:
        data = base64.b64decode(encoded, validate=True).decode()
    except UnicodeDecodeError:
        return {"data_base64": encoded}
    if ODD.search(data):
        raise ValueError("left to Airflow's side")
    try:
        return {"data": json.loads(data)}
    except json.JSONDecodeError:
        return {"data": data}


def queue_name(place: str) -> str:
    """Return the name at the end of a queue's URL or ARN."""
    return re.split("[:/]", place)[-1]


# EVENT_PATTERN.

ABSENT = object()


@functools.cache
def read_pattern(text: str) -> Json:
    """Return an event pattern, or raise ValueError."""
    pattern = json.loads(text)
    check([] if isinstance(pattern, list) else pattern)
    return dict(pattern)


def check(wanted: Any) -> None:
    """Raise ValueError for all of a pattern that is not known here."""
    if isinstance(wanted, list) and wanted:
        for condition in wanted:
            holds(condition, ABSENT)
        return
    if not isinstance(wanted, dict) or "$or" in wanted or any("." in name for name in wanted):
        raise ValueError(f"EVENT_PATTERN: not known here, leave it to a route: {json.dumps(wanted)}")
    for inner in wanted.values():
        check(inner)


def matches(wanted: Any, value: Any) -> bool:
    """Say whether a value is as a pattern wants it; of an array, whether one of its elements is."""
    if isinstance(value, list) and value:
        return any(matches(wanted, element) for element in value)
    if isinstance(wanted, dict):
        fields = value if isinstance(value, dict) else {}
        return all(matches(condition, fields.get(name, ABSENT)) for name, condition in wanted.items())
    leaf = ABSENT if isinstance(value, dict | list) else value
    return any(holds(condition, leaf) for condition in wanted)


def holds(condition: Any, value: Any) -> bool:
    """Say whether one condition holds for a value that is no object and no array.

    Raises:
        ValueError: If EventBridge may know this condition, and this file does not.
    """
    match condition:
        case {"exists": bool(wanted)}:
            return (value is not ABSENT) == wanted
        case {"prefix": str(affix)}:
            return isinstance(value, str) and value.startswith(affix)
        case {"suffix": str(affix)}:
            return isinstance(value, str) and value.endswith(affix)
        case {"anything-but": unwanted}:
            found = [holds(one, value) for one in (unwanted if isinstance(unwanted, list) else [unwanted])]
            return value is not ABSENT and not any(found)
        case dict() | list():
            raise ValueError(f"EVENT_PATTERN: not known here, leave it to a route: {json.dumps(condition)}")
    return bool(value == condition) and isinstance(value, bool) == isinstance(condition, bool)


# To the queue.


@functools.cache
def sqs() -> Any:
    """Return the client, which repeats a call that is throttled or gets no answer."""
    retries = {"mode": "standard", "total_max_attempts": 4}
    return boto3.client("sqs", config=Config(connect_timeout=2, read_timeout=5, retries=retries))


def send(parcels: Sequence[Parcel], queue_url: str) -> list[Parcel]:
    """Send all there is, in order; return what SQS did not take.

    In a FIFO queue what cannot be sent holds back those behind it in its group.
    """
    fifo = queue_url.endswith(".fifo")
    failed: list[Parcel] = []
    for batch in in_batches(parcels, fifo):
        stuck = {parcel.group for parcel in failed} if fifo else set()
        held = [parcel for parcel in batch if fifo and parcel.group in stuck]
        going = [parcel for parcel in batch if not fifo or parcel.group not in stuck]
        failed += [*held, *send_batch(going, queue_url)]
    return failed


def in_batches(parcels: Sequence[Parcel], fifo: bool) -> Iterator[list[Parcel]]:
    """Split within SQS's bounds on number and bytes; no two of a FIFO queue's group go together."""
    batch: list[Parcel] = []
    for parcel in parcels:
        size = sum(len(other.body) for other in batch) + len(parcel.body)
        together = fifo and any(other.group == parcel.group for other in batch)
        if batch and (len(batch) == BATCH or size > BATCH_BYTES or together):
            yield batch
            batch = []
        batch.append(parcel)
    if batch:
        yield batch


def send_batch(parcels: Sequence[Parcel], queue_url: str) -> list[Parcel]:
    """Send what fits into one call, and again what SQS could not take just then; return what it did not."""
    keyed = {str(number): parcel for number, parcel in enumerate(parcels)}
    codes = dict.fromkeys(keyed, "")
    for attempt in range(ATTEMPTS if keyed else 0):
        if attempt:
            time.sleep(0.2 * attempt)
        entries = [{"Id": key, **entry(keyed[key], queue_url)} for key in codes]
        try:
            faults = sqs().send_message_batch(QueueUrl=queue_url, Entries=entries).get("Failed", [])
        except (ClientError, BotoCoreError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
            codes = dict.fromkeys(codes, code)
            break
        codes = {fault["Id"]: fault["Code"] for fault in faults}
        if all(fault["SenderFault"] for fault in faults):
            break
    if forwarded := [parcel for key, parcel in keyed.items() if key not in codes]:
        log("INFO", "forwarded", forwarded)
    for key, code in codes.items():
        log("ERROR", "not forwarded", [keyed[key]], code=code)
    return [keyed[key] for key in codes]


def entry(parcel: Parcel, queue_url: str) -> Json:
    """Return an entry of SendMessageBatch, without its key."""
    fields: Json = {"MessageBody": parcel.body}
    if parcel.trace:
        header = {"DataType": "String", "StringValue": parcel.trace}
        fields["MessageSystemAttributes"] = {"AWSTraceHeader": header}
    if queue_url.endswith(".fifo"):
        usable = re.fullmatch("[!-~]{1,128}", parcel.id)
        fields["MessageGroupId"] = parcel.group
        fields["MessageDeduplicationId"] = parcel.id if usable else stable_id(parcel.id)
    return fields
