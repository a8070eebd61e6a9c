"""S3's event notifications, translated to the shape of S3's EventBridge events.

- From: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
- To: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import unquote_plus

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import MessageParseError

SOURCE = "aws.s3"

_KINDS: dict[str, tuple[str, dict[str, str]]] = {
    "ObjectCreated:Put": ("Object Created", {"reason": "PutObject"}),
    "ObjectCreated:Post": ("Object Created", {"reason": "POST Object"}),
    "ObjectCreated:Copy": ("Object Created", {"reason": "CopyObject"}),
    "ObjectCreated:CompleteMultipartUpload": ("Object Created", {"reason": "CompleteMultipartUpload"}),
    "ObjectRemoved:Delete": (
        "Object Deleted",
        {"reason": "DeleteObject", "deletion-type": "Permanently Deleted"},
    ),
    "ObjectRemoved:DeleteMarkerCreated": (
        "Object Deleted",
        {"reason": "DeleteObject", "deletion-type": "Delete Marker Created"},
    ),
    "LifecycleExpiration:Delete": (
        "Object Deleted",
        {"reason": "Lifecycle Expiration", "deletion-type": "Permanently Deleted"},
    ),
    "LifecycleExpiration:DeleteMarkerCreated": (
        "Object Deleted",
        {"reason": "Lifecycle Expiration", "deletion-type": "Delete Marker Created"},
    ),
    "ObjectRestore:Post": ("Object Restore Initiated", {}),
    "ObjectRestore:Completed": ("Object Restore Completed", {}),
    "ObjectRestore:Delete": ("Object Restore Expired", {}),
    "LifecycleTransition": ("Object Storage Class Changed", {}),
    "IntelligentTiering": ("Object Access Tier Changed", {}),
    "ObjectAcl:Put": ("Object ACL Updated", {}),
    "ObjectTagging:Put": ("Object Tags Added", {}),
    "ObjectTagging:Delete": ("Object Tags Deleted", {}),
}
"""S3's event name -> detail-type, and what else EventBridge's detail says of it."""


def recognises(body: dict[str, Any]) -> bool:
    """Tell S3's notifications by their records, and its test event by its name."""
    records = body.get("Records")
    if isinstance(records, list):
        return bool(records) and all(isinstance(record, dict) and "s3" in record for record in records)
    return body.get("Event") == "s3:TestEvent"


def open_envelope(body: dict[str, Any], _message: Message) -> list[Event]:
    """Return one event per record, and none for ``s3:TestEvent``."""
    try:
        return [_event(record) for record in body.get("Records", [])]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise MessageParseError(
            f"S3's notification: a record lacks or garbles a field: {error!r:.120}"
        ) from None


def _event(record: dict[str, Any]) -> Event:
    name = record["eventName"].removeprefix("s3:")
    detail_type, said = _KINDS.get(name, (name, {}))
    bucket, entry = record["s3"]["bucket"], record["s3"]["object"]
    parameters = record.get("requestParameters") or {}
    answer = record.get("responseElements") or {}
    # A notification's key is form-encoded: a space arrives as "+". EventBridge's key is the key itself.
    key = unquote_plus(entry["key"], errors="strict")
    facts = {
        "key": key,
        "size": entry.get("size"),
        "etag": entry.get("eTag"),
        "version-id": entry.get("versionId"),
        "sequencer": entry.get("sequencer"),
    }
    detail = {
        "version": "0",
        "bucket": {"name": bucket["name"]},
        "object": {name: fact for name, fact in facts.items() if fact not in (None, "")},
        "request-id": answer.get("x-amz-request-id"),
        "requester": (record.get("userIdentity") or {}).get("principalId"),
        "source-ip-address": parameters.get("sourceIPAddress"),
        **said,
    }
    return Event(
        id=_identity(bucket["name"], facts, name),
        source=SOURCE,
        detail_type=detail_type,
        time=record.get("eventTime"),
        region=record.get("awsRegion"),
        resources=(bucket.get("arn") or f"arn:aws:s3:::{bucket['name']}",),
        detail={key: value for key, value in detail.items() if value is not None},
    )


def _identity(bucket: str, facts: dict[str, Any], event_name: str) -> str:
    """Derive an id from what happened: S3 sends none, and may send the same event twice."""
    parts = [bucket, facts["key"], facts["version-id"], facts["sequencer"], event_name]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
