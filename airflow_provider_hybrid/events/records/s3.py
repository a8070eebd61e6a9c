"""A record of an S3 notification, as the event that S3 sends to EventBridge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal
from urllib.parse import unquote_plus

from airflow_provider_hybrid.events.records.eventbridge import envelope
from airflow_provider_hybrid.events.records.facts import (
    Json,
    RecordError,
    at,
    present,
    required,
    stable_id,
    text,
)
from airflow_provider_hybrid.events.records.shapes import service_of

S3_KINDS: dict[str, tuple[str, ...]] = {
    "ObjectCreated:Put": ("Object Created", "PutObject"),
    "ObjectCreated:Post": ("Object Created", "POST Object"),
    "ObjectCreated:Copy": ("Object Created", "CopyObject"),
    "ObjectCreated:CompleteMultipartUpload": ("Object Created", "CompleteMultipartUpload"),
    "ObjectRemoved:Delete": ("Object Deleted", "DeleteObject", "Permanently Deleted"),
    "ObjectRemoved:DeleteMarkerCreated": ("Object Deleted", "DeleteObject", "Delete Marker Created"),
    "LifecycleExpiration:Delete": ("Object Deleted", "Lifecycle Expiration", "Permanently Deleted"),
    "LifecycleExpiration:DeleteMarkerCreated": (
        "Object Deleted",
        "Lifecycle Expiration",
        "Delete Marker Created",
    ),
    "ObjectRestore:Post": ("Object Restore Initiated",),
    "ObjectRestore:Completed": ("Object Restore Completed",),
    "ObjectRestore:Delete": ("Object Restore Expired",),
    "LifecycleTransition": ("Object Storage Class Changed",),
    "IntelligentTiering": ("Object Access Tier Changed",),
    "ObjectAcl:Put": ("Object ACL Updated",),
    "ObjectTagging:Put": ("Object Tags Added",),
    "ObjectTagging:Delete": ("Object Tags Deleted",),
    "ObjectAnnotation:Put": ("Object Annotation Created", "PutObjectAnnotation"),
    "ObjectAnnotation:Delete": ("Object Annotation Removed", "DeleteObjectAnnotation"),
}
"""The detail-type, reason and deletion-type that S3 sends to EventBridge, by a notification's event name.

Missing are the events that S3 does not send to EventBridge: replication, and lost objects in Reduced
Redundancy Storage.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-mapping-troubleshooting.html
"""


STORE_KINDS: dict[str, tuple[str, ...]] = {
    "ObjectCreated:PutTagging": ("Object Tags Added",),
    "ObjectCreated:DeleteTagging": ("Object Tags Deleted",),
    "ObjectRemoved:DeleteAllVersions": ("Object Deleted", "DeleteObject", "Permanently Deleted"),
}
"""The same for names of other stores, such as MinIO, that mean the same as one of S3's names.

https://min.io/docs/minio/linux/administration/monitoring/bucket-notifications.html
"""


S3_FAMILIES = {
    "ObjectCreated": "Object Created",
    "ObjectRemoved": "Object Deleted",
    "LifecycleExpiration": "Object Deleted",
}
"""The detail-type by the first half of a name that S3 may add one day; the second half is then the reason.

It is for S3 alone: MinIO's ``ObjectCreated:PutRetention`` creates no object, and stays the detail-type.
"""


NEVER_ENCODES = {"ceph:s3"}
"""The ``eventSource`` of stores that write an object's key as it is: Ceph's RGW.

https://docs.ceph.com/en/latest/radosgw/notifications/
"""


S3Keys = Literal["auto", "encoded", "raw"]
"""The form of an object's key in notifications: form-encoded, as S3 writes it, or as it is.

With "auto" each record decides.
"""


_NEVER_FORM_ENCODED = re.compile(r'[^!-~]|["<>\\^`{|}]|%(?![0-9A-Fa-f]{2})')
"""A part that no form-encoded text has: encoders escape it, and write two digits after a percent sign."""


_CAPITAL = re.compile("(?<=[a-z0-9])(?=[A-Z])")


def s3_event(record: Json, keys: S3Keys = "auto") -> Json:
    """Translate a record of an S3 notification to the event that S3 sends to EventBridge.

    The id is derived from all that tells one upload from another: bucket and key; the object's version,
    sequencer, ETag and size; the event's name, time and particulars. They are the same in every copy of a
    notification. One of them alone would not do: some stores never change the sequencer, for example.

    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html

    Args:
        record: As S3 sends it.
        keys: The form in which the store writes keys.
    """
    name = required(record, "eventName").removeprefix("s3:")
    bucket, key = required(record, "s3", "bucket", "name"), _key(record, keys)
    detail_type, *reasons = _kind_of(name, service_of(record))
    said = dict(zip(("reason", "deletion-type"), reasons, strict=False)) | _particulars(record)
    thing = {
        "key": key,
        "size": at(record, "s3", "object", "size"),
        "etag": text(record, "s3", "object", "eTag"),
        "version-id": text(record, "s3", "object", "versionId"),
        "sequencer": text(record, "s3", "object", "sequencer"),
        "has-object-annotation": at(record, "s3", "object", "hasObjectAnnotation"),
    }
    tags = at(record, "s3", "bucket", "awsGeneratedTags")
    address = text(record, "requestParameters", "sourceIPAddress")
    detail = {
        "version": "0",
        "bucket": present({"name": bucket, "aws-generated-tags": tags}),
        "object": present(thing),
        "request-id": text(record, "responseElements", "x-amz-request-id"),
        "requester": text(record, "userIdentity", "principalId"),
        # When S3 acts by itself, a notification has S3's own name here; EventBridge's event has no address.
        "source-ip-address": None if address == "s3.amazonaws.com" else address,
        **said,
    }
    when = text(record, "eventTime")
    facts = [thing[fact] for fact in ("version-id", "sequencer", "etag", "size")]
    event_id = stable_id(bucket, key, *facts, name, when, said)
    arn = text(record, "s3", "bucket", "arn") or f"arn:aws:s3:::{bucket}"
    return envelope(record, event_id, "aws.s3", detail_type, when, arn, present(detail))


def _kind_of(name: str, service: str) -> Sequence[str]:
    """Return detail-type, reason and deletion-type for the name of an S3 event."""
    if known := S3_KINDS.get(name) or STORE_KINDS.get(name):
        return known
    family, _, reason = name.partition(":")
    is_of_s3 = service in {"aws:s3", ""} and family in S3_FAMILIES
    return (S3_FAMILIES[family], reason) if is_of_s3 and reason else (name,)


def _key(record: Json, keys: S3Keys) -> str:
    """Return the key as it is in the store; EventBridge writes it so.

    S3 writes "red flower.jpg" as "red+flower.jpg" in its notifications. Some stores do not, and their keys
    must not be decoded: "1+1.csv" is another object than "1 1.csv".
    """
    written = required(record, "s3", "object", "key")
    never_encoded = service_of(record) in NEVER_ENCODES or _NEVER_FORM_ENCODED.search(written)
    if keys == "raw" or (keys == "auto" and never_encoded):
        return written
    try:
        return unquote_plus(written, errors="strict")
    except UnicodeDecodeError:
        if keys == "auto":
            return written
        raise RecordError("is not UTF-8 once decoded", "s3", "object", "key") from None


def _particulars(record: Json) -> Json:
    """Return the fields of the detail that only some kinds of S3's events have.

    A field that EventBridge does not have keeps its name, in EventBridge's style: ``replicationEventData``
    becomes ``replication-event-data``, and so does any ``...EventData`` that S3 may add.
    """
    restore = "glacierEventData", "restoreEventData"
    transition = "lifecycleEventData", "transitionEventData", "destinationStorageClass"
    found: Json = {
        "restore-expiry-time": text(record, *restore, "lifecycleRestorationExpiryTime"),
        "source-storage-class": text(record, *restore, "lifecycleRestoreStorageClass"),
        "destination-storage-class": text(record, *transition),
        "destination-access-tier": text(record, "intelligentTieringEventData", "destinationAccessTier"),
        "object-annotation": {name.lower(): value for name, value in _annotation(record).items()},
    }
    translated = {"glacierEventData", "lifecycleEventData", "intelligentTieringEventData"}
    for name in sorted(record.keys() - translated):
        if name.endswith("EventData") and isinstance(data := record[name], dict):
            found[_kebab(name)] = {_kebab(key): value for key, value in data.items()}
    return {name: value for name, value in found.items() if value}


def _annotation(record: Json) -> Json:
    """Return the annotation that was put or deleted; a notification has it in a list of one."""
    annotation = record.get("objectAnnotation") or {}
    first = annotation[0] if isinstance(annotation, list) else annotation
    if not isinstance(first, dict):
        raise RecordError("is not an object", "objectAnnotation")
    return first


def _kebab(name: str) -> str:
    return _CAPITAL.sub("-", name).lower()
