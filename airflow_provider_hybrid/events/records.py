"""From an AWS service's record to EventBridge's envelope, for Airflow's side and for the interceptor alike.

An event that reaches Airflow on two ways starts one run, because both ways translate it here. The interceptor
carries this file with it, so it needs Python's library alone. What translates a record raises
`RecordError` for one that is not as its service sends it.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timezone
from typing import Any
from urllib.parse import unquote_plus

Json = dict[str, Any]


class RecordError(ValueError):
    """A record is not what its service sends; names the field and quotes no value."""

    def __init__(self, fault: str, *path: str) -> None:
        super().__init__(f"{'.'.join(path)!r} {fault}")


def stable_id(*facts: Any) -> str:
    """Derive an id from what happened, for events whose producer sends none: every copy has the same.

    It is the SHA-256 of the facts as a JSON array, cut to 32 hexadecimal digits. None is a fact too.
    """
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


def iso(seconds: object) -> str | None:
    """Write seconds since 1970 as ISO 8601 in UTC, to the millisecond if there are any.

    AWS writes the times of streams so. None for what is no number, or no point in time.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        moment = datetime.fromtimestamp(round(seconds, 3), tz=timezone.utc)
    except (OverflowError, OSError, ValueError):
        return None
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")


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
"""Detail-type, reason and deletion-type of the event that S3 sends to EventBridge, by a notification's name.

Nothing for what it does not send there: replication, and an object lost in Reduced Redundancy Storage.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-mapping-troubleshooting.html
"""

S3_FAMILIES = {
    "ObjectCreated": ("Object Created",),
    "ObjectRemoved": ("Object Deleted",),
    "LifecycleExpiration": ("Object Deleted",),
}
"""The same by the first half of a name, for those that S3 adds tomorrow."""

_CAPITAL = re.compile("(?<=[a-z0-9])(?=[A-Z])")


def s3_event(record: Json) -> Json:
    """Translate a record of an S3 notification to the event that S3 sends to EventBridge.

    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    name = required(record, "eventName").removeprefix("s3:")
    bucket, key = required(record, "s3", "bucket", "name"), _key(record)
    detail_type, *reasons = S3_KINDS.get(name) or S3_FAMILIES.get(name.partition(":")[0]) or (name,)
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
        "bucket": _present({"name": bucket, "aws-generated-tags": tags}),
        "object": _present(thing),
        "request-id": text(record, "responseElements", "x-amz-request-id"),
        "requester": text(record, "userIdentity", "principalId"),
        # What S3 does by itself has its own name there, and EventBridge nothing.
        "source-ip-address": None if address == "s3.amazonaws.com" else address,
        **said,
    }
    when = text(record, "eventTime")
    happened: list[Any] = [bucket, key, thing["version-id"], thing["sequencer"], name]
    if not thing["sequencer"]:
        # Only what creates or deletes an object has one. Anything else can happen to the same version again
        # (tags are set and set anew, a copy is restored twice), and its time tells one from the other.
        happened += [when, said]
    arn = text(record, "s3", "bucket", "arn") or f"arn:aws:s3:::{bucket}"
    return _envelope(record, stable_id(*happened), "aws.s3", detail_type, when, arn, _present(detail))


def kinesis_event(record: Json, data: Json) -> Json:
    """Translate a record of a Kinesis data stream: its detail is the ``kinesis`` object, with decoded data.

    A record has a shard and a sequence number, which are unique within its stream.
    https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html

    Args:
        record: As Lambda receives it.
        data: What stands in the place of ``data``: itself, decoded, or ``data_base64``.
    """
    arn = required(record, "eventSourceARN")
    detail = {name: value for name, value in _object(record, "kinesis").items() if name != "data"} | data
    event_id, kind = stable_id(arn, required(record, "eventID")), required(record, "eventName")
    return _envelope(
        record, event_id, "aws.kinesis", kind, iso(detail.get("approximateArrivalTimestamp")), arn, detail
    )


def dynamodb_event(record: Json) -> Json:
    """Translate a record of a DynamoDB stream: its detail is the ``dynamodb`` object, in typed JSON.

    AWS calls a record's ``eventID`` globally unique; ``eventName`` is INSERT, MODIFY or REMOVE.
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
    """
    change, arn = _object(record, "dynamodb"), text(record, "eventSourceARN")
    event_id, kind = required(record, "eventID"), required(record, "eventName")
    when = iso(change.get("ApproximateCreationDateTime"))
    return _envelope(record, event_id, "aws.dynamodb", kind, when, arn, change)


def at(record: Json | None, *path: str) -> Any:
    """Return what stands at a path of names; None where nothing does."""
    value: Any = record
    for depth, name in enumerate(path):
        if value is None:
            return None
        if not isinstance(value, dict):
            raise RecordError("is not an object", *path[:depth])
        value = value.get(name)
    return value


def text(record: Json, *path: str) -> str | None:
    """Return the string at a path; None where there is none, or an empty one."""
    found = at(record, *path)
    if found is not None and not isinstance(found, str):
        raise RecordError("is not a string", *path)
    return found or None


def required(record: Json, *path: str) -> str:
    """Return the string at a path, which has to be there and to say something."""
    found = text(record, *path)
    if found is None:
        raise RecordError("is missing", *path)
    return found


def _object(record: Json, *path: str) -> Json:
    found = at(record, *path)
    if not isinstance(found, dict):
        raise RecordError("is missing" if found is None else "is not an object", *path)
    return found


def _key(record: Json) -> str:
    """Decode the key: "red flower.jpg" arrives as "red+flower.jpg". EventBridge's key is the key itself."""
    try:
        return unquote_plus(required(record, "s3", "object", "key"), errors="strict")
    except UnicodeDecodeError:
        raise RecordError("is not UTF-8 once decoded", "s3", "object", "key") from None


def _particulars(record: Json) -> Json:
    """Return what EventBridge's detail says of some kinds of S3's events only.

    A field that EventBridge does not have (``replicationEventData``, or what S3 adds tomorrow) keeps its
    words and is written in EventBridge's style: ``replication-event-data``.
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
    """Return the annotation that was put or deleted, which a notification has in a list of one."""
    annotation = record.get("objectAnnotation") or {}
    first = annotation[0] if isinstance(annotation, list) else annotation
    if not isinstance(first, dict):
        raise RecordError("is not an object", "objectAnnotation")
    return first


def _kebab(name: str) -> str:
    return _CAPITAL.sub("-", name).lower()


def _envelope(
    record: Json, event_id: str, source: str, kind: str, when: str | None, arn: str | None, detail: Json
) -> Json:
    """Write an event as EventBridge does; what was not sent is absent."""
    return _present(
        {
            "version": "0",
            "id": event_id,
            "detail-type": kind,
            "source": source,
            "account": _account(text(record, "eventSourceARN") or ""),
            "time": when,
            "region": text(record, "awsRegion"),
            "resources": [arn] if arn else None,
            "detail": detail,
        }
    )


def _account(arn: str) -> str | None:
    """Return the account in an ARN, ``arn:partition:service:region:account:resource``."""
    match arn.split(":", 5):
        case [_, _, _, _, account, _]:
            return account or None
    return None


def _present(fields: Json) -> Json:
    return {name: value for name, value in fields.items() if value is not None}
