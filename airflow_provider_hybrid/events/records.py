"""From an AWS service's record to EventBridge's envelope, for Airflow's side and for the interceptor alike.

An event that reaches Airflow on two ways starts one run, because both ways translate it here. The interceptor
carries this file with it, so it needs Python's library alone. What translates a record raises
`RecordError` for one that is not as its service sends it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any, Literal
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

STORE_KINDS: dict[str, tuple[str, ...]] = {
    "ObjectCreated:PutTagging": ("Object Tags Added",),
    "ObjectCreated:DeleteTagging": ("Object Tags Deleted",),
    "ObjectRemoved:DeleteAllVersions": ("Object Deleted", "DeleteObject", "Permanently Deleted"),
}
"""The same for names that stores beside S3 use, such as MinIO, and that mean what one of S3's kinds means.

https://min.io/docs/minio/linux/administration/monitoring/bucket-notifications.html
"""

S3_FAMILIES = {
    "ObjectCreated": "Object Created",
    "ObjectRemoved": "Object Deleted",
    "LifecycleExpiration": "Object Deleted",
}
"""The detail-type by the first half of a name that S3 itself may add; the second half is then the reason.

Another store's unknown name keeps its words: MinIO's ``ObjectCreated:PutRetention`` creates no object.
"""

NEVER_ENCODES = {"ceph:s3"}
"""The ``eventSource`` of stores that write an object's key as it is: Ceph's RGW.

https://docs.ceph.com/en/latest/radosgw/notifications/
"""

S3Keys = Literal["auto", "encoded", "raw"]
"""How notifications write an object's key: form-encoded, as S3 does, or as it is. "auto" asks the record."""

_NEVER_FORM_ENCODED = re.compile(r'[^!-~]|["<>\\^`{|}]|%(?![0-9A-Fa-f]{2})')
"""No form-encoded text has one of these: encoders escape them, and write two digits after a percent sign."""

_RECORD_SOURCE = re.compile(r"aws:.+|.+:s3")
"""The ``eventSource`` of AWS's services (``aws:dynamodb``), and of stores that speak S3 (``minio:s3``)."""

_CAPITAL = re.compile("(?<=[a-z0-9])(?=[A-Z])")


def with_records(body: Json) -> Json:
    """Write records of AWS services the way Lambda receives them, as ``{"Records": [...]}``.

    EventBridge Pipes sends a record alone. Some libraries write ``records``, or one record in the place of
    the list. A body that holds no record is returned as it is.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-source.html
    """
    for name in ("Records", "records"):
        found = body.get(name)
        records = [found] if isinstance(found, dict) else found
        if isinstance(records, list) and any(map(is_record, records)):
            return {"Records": records}
    return {"Records": [body]} if is_record(body) else body


def is_record(value: Any) -> bool:
    """Tell a record of an AWS service, or of a store that speaks S3.

    The service that it names tells it, or S3's shape. ``{"s3": "s3://bucket/key"}`` is somebody's own JSON.
    """
    if not isinstance(value, dict):
        return False
    by_shape = isinstance(value.get("s3"), dict) and (
        "eventName" in value or value["s3"].keys() >= {"bucket", "object"}
    )
    return by_shape or bool(_RECORD_SOURCE.fullmatch(service_of(value)))


def service_of(record: Json) -> str:
    """Return the service that a record names, such as ``aws:kinesis``; SNS alone writes ``EventSource``."""
    named = record.get("eventSource") or record.get("EventSource")
    return named if isinstance(named, str) else ""


def s3_event(record: Json, keys: S3Keys = "auto") -> Json:
    """Translate a record of an S3 notification to the event that S3 sends to EventBridge.

    The id is made of all that tells one upload from another: bucket and key; version, sequencer, ETag and
    size of the object; name and time of the event, and what is said of it. Every copy of it agrees on all of
    them. No single fact decides, as some stores never change the sequencer.

    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    - https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html

    Args:
        record: As S3 sends it.
        keys: How the store writes keys.
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
        "bucket": _present({"name": bucket, "aws-generated-tags": tags}),
        "object": _present(thing),
        "request-id": text(record, "responseElements", "x-amz-request-id"),
        "requester": text(record, "userIdentity", "principalId"),
        # What S3 does by itself has its own name there, and EventBridge nothing.
        "source-ip-address": None if address == "s3.amazonaws.com" else address,
        **said,
    }
    when = text(record, "eventTime")
    facts = [thing[fact] for fact in ("version-id", "sequencer", "etag", "size")]
    event_id = stable_id(bucket, key, *facts, name, when, said)
    arn = text(record, "s3", "bucket", "arn") or f"arn:aws:s3:::{bucket}"
    return _envelope(record, event_id, "aws.s3", detail_type, when, arn, _present(detail))


def kinesis_event(record: Json, data: Json) -> Json:
    """Translate a record of a Kinesis data stream: its detail is the ``kinesis`` object, with decoded data.

    A record has a shard and a sequence number, which are unique within its stream.
    https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html

    Args:
        record: As Lambda receives it.
        data: What stands in the place of ``data``: itself, decoded, or ``data_base64``.
    """
    arn = required(record, "eventSourceARN")
    detail = {name: value for name, value in kinesis_fields(record).items() if name != "data"} | data
    event_id, kind = stable_id(arn, required(record, "eventID")), required(record, "eventName")
    return _envelope(
        record, event_id, "aws.kinesis", kind, iso(detail.get("approximateArrivalTimestamp")), arn, detail
    )


_OF_EVERY_STREAM = {
    *("eventSource", "eventVersion", "eventID", "eventName", "eventSourceARN"),
    *("invokeIdentityArn", "awsRegion"),
}
"""What a record has that does not tell of Kinesis."""


def kinesis_fields(record: Json) -> Json:
    """Return what Lambda has below ``kinesis``, and EventBridge Pipes beside the record's other fields.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html
    """
    if "kinesis" in record:
        return _object(record, "kinesis")
    return {name: value for name, value in record.items() if name not in _OF_EVERY_STREAM}


def dynamodb_event(record: Json) -> Json:
    """Translate a record of a DynamoDB stream: its detail is the ``dynamodb`` object, in typed JSON.

    AWS calls a record's ``eventID`` globally unique; ``eventName`` is INSERT, MODIFY or REMOVE.
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
    """
    change, arn = _object(record, "dynamodb"), text(record, "eventSourceARN")
    event_id, kind = required(record, "eventID"), required(record, "eventName")
    when = iso(change.get("ApproximateCreationDateTime"))
    return _envelope(record, event_id, "aws.dynamodb", kind, when, arn, change)


def service_event(record: Json) -> Json:
    """Translate a record of any other AWS service, such as ``aws:ses``: all of it is the event's detail.

    The id is made of the record, so that it is the same at each of Lambda's tries. A receipt handle stays
    behind: it is the key to a message in its own queue.
    """
    detail = {name: value for name, value in record.items() if name != "receiptHandle"}
    source, arn = service_of(record).replace(":", ".", 1), text(record, "eventSourceARN")
    when = record.get("eventTime")
    return _envelope(
        record,
        stable_id(detail),
        source,
        text(record, "eventName"),
        when if isinstance(when, str) else iso(when),
        arn,
        detail,
    )


def is_eventbridge(body: Json) -> bool:
    """Tell EventBridge's envelope.

    One that EventBridge wrote has all four marks. Others write it by hand, or leave fields out by an input
    transformer (Amazon Security Lake: neither ``id`` nor ``detail-type``), so source and detail are enough.
    """
    source, detail = body.get("source"), body.get("detail")
    by_shape = isinstance(source, str) and source and isinstance(detail, dict) and "specversion" not in body
    return bool(by_shape) or body.keys() >= {"id", "source", "detail-type", "detail"}


def eventbridge_id(envelope: Json) -> str:
    """Return the id in EventBridge's envelope; where there is none, one that is made of all that it says."""
    said = {name: value for name, value in envelope.items() if name != "id" and value is not None}
    return text(envelope, "id") or stable_id(said)


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


def _kind_of(name: str, service: str) -> Sequence[str]:
    """Return detail-type, reason and deletion-type for the name of an S3 event."""
    if known := S3_KINDS.get(name) or STORE_KINDS.get(name):
        return known
    family, _, reason = name.partition(":")
    is_of_s3 = service in {"aws:s3", ""} and family in S3_FAMILIES
    return (S3_FAMILIES[family], reason) if is_of_s3 and reason else (name,)


def _key(record: Json, keys: S3Keys) -> str:
    """Return the key as it is in the store, which is how EventBridge writes it.

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
    record: Json,
    event_id: str,
    source: str,
    kind: str | None,
    when: str | None,
    arn: str | None,
    detail: Json,
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
