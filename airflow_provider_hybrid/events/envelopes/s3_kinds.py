"""What can happen to an object in S3, in the words of its notifications and of its EventBridge events.

- Names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-mapping-troubleshooting.html
- Fields: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html#ev-events-detail
"""

from __future__ import annotations

import re
from typing import Any

from airflow_provider_hybrid.events.envelopes.fields import Fields

_CREATED = {"detail-type": "Object Created"}
_DELETED = {"detail-type": "Object Deleted"}
_BY_REQUEST = {"reason": "DeleteObject"}
_BY_LIFECYCLE = {"reason": "Lifecycle Expiration"}
_FOR_GOOD = {"deletion-type": "Permanently Deleted"}
_WITH_MARKER = {"deletion-type": "Delete Marker Created"}

_KINDS: dict[str, dict[str, str]] = {
    "ObjectCreated:Put": {**_CREATED, "reason": "PutObject"},
    "ObjectCreated:Post": {**_CREATED, "reason": "POST Object"},
    "ObjectCreated:Copy": {**_CREATED, "reason": "CopyObject"},
    "ObjectCreated:CompleteMultipartUpload": {**_CREATED, "reason": "CompleteMultipartUpload"},
    "ObjectRemoved:Delete": {**_DELETED, **_BY_REQUEST, **_FOR_GOOD},
    "ObjectRemoved:DeleteMarkerCreated": {**_DELETED, **_BY_REQUEST, **_WITH_MARKER},
    "LifecycleExpiration:Delete": {**_DELETED, **_BY_LIFECYCLE, **_FOR_GOOD},
    "LifecycleExpiration:DeleteMarkerCreated": {**_DELETED, **_BY_LIFECYCLE, **_WITH_MARKER},
    "ObjectRestore:Post": {"detail-type": "Object Restore Initiated"},
    "ObjectRestore:Completed": {"detail-type": "Object Restore Completed"},
    "ObjectRestore:Delete": {"detail-type": "Object Restore Expired"},
    "LifecycleTransition": {"detail-type": "Object Storage Class Changed"},
    "IntelligentTiering": {"detail-type": "Object Access Tier Changed"},
    "ObjectAcl:Put": {"detail-type": "Object ACL Updated"},
    "ObjectTagging:Put": {"detail-type": "Object Tags Added"},
    "ObjectTagging:Delete": {"detail-type": "Object Tags Deleted"},
    "ObjectAnnotation:Put": {"detail-type": "Object Annotation Created", "reason": "PutObjectAnnotation"},
    "ObjectAnnotation:Delete": {
        "detail-type": "Object Annotation Removed",
        "reason": "DeleteObjectAnnotation",
    },
}
_FAMILIES = {"ObjectCreated": _CREATED, "ObjectRemoved": _DELETED, "LifecycleExpiration": _DELETED}
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def kind_of(event_name: str) -> dict[str, str]:
    """Return what EventBridge says of an event by its name alone.

    Args:
        event_name: Without the prefix ``s3:``.

    Returns:
        ``detail-type``, and ``reason`` and ``deletion-type`` where they apply. Nothing for events that S3
        does not send to EventBridge: replication, and an object lost in Reduced Redundancy Storage.
    """
    return dict(_KINDS.get(event_name) or _FAMILIES.get(event_name.partition(":")[0], {}))


def particulars(record: Fields) -> dict[str, Any]:
    """Return what EventBridge's detail says of some kinds of events only.

    A field that EventBridge does not have (``replicationEventData``, or what S3 adds tomorrow) keeps its
    words and is written in EventBridge's style: ``replication-event-data``.
    """
    restore = record.object("glacierEventData").object("restoreEventData")
    transition = record.object("lifecycleEventData").object("transitionEventData")
    found: dict[str, Any] = {
        "restore-expiry-time": restore.text("lifecycleRestorationExpiryTime"),
        "source-storage-class": restore.text("lifecycleRestoreStorageClass"),
        "destination-storage-class": transition.text("destinationStorageClass"),
        "destination-access-tier": record.object("intelligentTieringEventData").text("destinationAccessTier"),
        "object-annotation": _annotation(record),
    }
    translated = {"glacierEventData", "lifecycleEventData", "intelligentTieringEventData"}
    for name in sorted(record.value.keys() - translated):
        if name.endswith("EventData"):
            found[_kebab(name)] = _kebab_keys(record.object(name))
    return {name: value for name, value in found.items() if value}


def _annotation(record: Fields) -> dict[str, Any]:
    """Return the annotation that was put or deleted, which a notification has in a list of one."""
    annotation = record.value.get("objectAnnotation")
    first = annotation[0] if isinstance(annotation, list) and annotation else annotation
    fields = Fields(record.envelope, first or {}, "objectAnnotation")
    return {name.lower(): value for name, value in fields.value.items()}


def _kebab_keys(fields: Fields) -> dict[str, Any]:
    return {_kebab(name): value for name, value in fields.value.items()}


def _kebab(name: str) -> str:
    return _CAPITAL.sub("-", name).lower()
