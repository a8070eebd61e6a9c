"""S3's event notifications, translated to the shape of S3's EventBridge events.

- From: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
- To: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from airflow_provider_hybrid.events.envelopes.fields import Fields
from airflow_provider_hybrid.events.envelopes.records import has_records_from
from airflow_provider_hybrid.events.envelopes.s3_kinds import kind_of, particulars
from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.identity import stable_id
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.opened import Opened
from airflow_provider_hybrid.exceptions import MessageParseError

ENVELOPE = "S3's notification"
SOURCE = "aws.s3"


def recognises(body: dict[str, Any]) -> bool:
    """Tell S3's notifications by their records, and its test event by its name.

    Stores that speak S3, such as MinIO and Ceph, name themselves as the source of a record.
    """
    records = body.get("Records")
    if isinstance(records, list):
        by_shape = any(isinstance(record, dict) and "s3" in record for record in records)
        return by_shape or has_records_from(body, "aws:s3")
    return body.get("Event") == "s3:TestEvent" and "Bucket" in body


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Opened]:
    """Return one event per record, and none for ``s3:TestEvent``."""
    for record in Fields(ENVELOPE, body).objects("Records"):
        yield Opened(_event(record), message)


def _event(record: Fields) -> Event:
    name = record.required_text("eventName").removeprefix("s3:")
    s3 = record.required_object("s3")
    bucket = s3.required_object("bucket")
    bucket_name = bucket.required_text("name")
    facts = _object(s3.required_object("object"))
    said = kind_of(name) | particulars(record)
    detail_type = said.pop("detail-type", name)
    detail = {
        "version": "0",
        "bucket": {"name": bucket_name, "aws-generated-tags": bucket.value.get("awsGeneratedTags")},
        "object": facts,
        "request-id": record.object("responseElements").text("x-amz-request-id"),
        "requester": record.object("userIdentity").text("principalId"),
        "source-ip-address": _address(record),
        **said,
    }
    return Event(
        id=_identity(bucket_name, facts, name, record.text("eventTime"), said),
        source=SOURCE,
        detail_type=detail_type,
        time=record.text("eventTime"),
        region=record.text("awsRegion"),
        resources=(bucket.text("arn") or f"arn:aws:s3:::{bucket_name}",),
        detail=_present(detail),
    )


def _address(record: Fields) -> str | None:
    """Return where the request came from. What S3 does by itself has its name there, EventBridge nothing."""
    address = record.object("requestParameters").text("sourceIPAddress")
    return None if address == "s3.amazonaws.com" else address


def _object(entry: Fields) -> dict[str, Any]:
    return {
        "key": _key(entry),
        "size": entry.value.get("size"),
        "etag": entry.text("eTag"),
        "version-id": entry.text("versionId"),
        "sequencer": entry.text("sequencer"),
        "has-object-annotation": entry.value.get("hasObjectAnnotation"),
    }


def _key(entry: Fields) -> str:
    """Decode the key: "red flower.jpg" arrives as "red+flower.jpg". EventBridge's key is the key itself."""
    try:
        return unquote_plus(entry.required_text("key"), errors="strict")
    except UnicodeDecodeError:
        raise MessageParseError(f"{ENVELOPE}: '{entry.path}.key' is not UTF-8 once decoded") from None


def _identity(
    bucket: str, facts: dict[str, Any], event_name: str, time: str | None, said: dict[str, Any]
) -> str:
    """Derive an id from what happened: S3 sends none, and may send the same event twice.

    Only what creates or deletes an object has a sequencer. Anything else can happen to the same version again
    (tags are set and set anew, a copy is restored twice), and it is the time that tells one from the other.
    """
    happened = [bucket, facts["key"], facts["version-id"], facts["sequencer"], event_name]
    return stable_id(*happened) if facts["sequencer"] else stable_id(*happened, time, said)


def _present(detail: dict[str, Any]) -> dict[str, Any]:
    """Leave out what S3 did not send, in the detail and in the objects in it."""
    return {
        name: _present(value) if name in {"bucket", "object"} else value
        for name, value in detail.items()
        if value is not None
    }
