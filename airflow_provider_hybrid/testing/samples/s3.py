"""S3's notifications, and those of stores that speak S3.

- https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
- https://min.io/docs/minio/linux/administration/monitoring/bucket-notifications.html
- https://docs.ceph.com/en/latest/radosgw/notifications/
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

from airflow_provider_hybrid.events.records.facts import stable_id
from airflow_provider_hybrid.events.records.s3 import S3_KINDS, STORE_KINDS
from airflow_provider_hybrid.testing.samples.sample import (
    REGION,
    TIME,
    Json,
    Sample,
    SampleError,
    moment_of,
)

NOT_ON_EVENTBRIDGE = (
    "Replication:OperationFailedReplication",
    "Replication:OperationMissedThreshold",
    "Replication:OperationReplicatedAfterThreshold",
    "Replication:OperationNotTracked",
    "ReducedRedundancyLostObject",
)
"""S3's notifications that it does not send to EventBridge.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-mapping-troubleshooting.html
"""

TEST = "s3:TestEvent"
NAMES = tuple(f"s3:{kind}" for kind in (*S3_KINDS, *NOT_ON_EVENTBRIDGE, *STORE_KINDS))
STORES = ("aws", "minio", "ceph")

_BY_S3_ITSELF = (
    *("LifecycleExpiration", "LifecycleTransition", "IntelligentTiering", "Replication"),
    *("ObjectRestore:Completed", "ObjectRestore:Delete"),
)
"""The beginnings of the kinds that nobody's request causes."""
_SERVICE = "s3.amazonaws.com"
_REQUEST = {
    "x-amz-request-id": "C3D13FE58DE4C810",
    "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD",
}


def notification(
    name: str,
    *,
    bucket: str = "example-bucket",
    key: str = "folder/file.csv",
    size: int = 1024,
    etag: str | None = None,
    version_id: str | None = None,
    time: str = TIME,
    region: str = REGION,
    store: str = "aws",
) -> Sample:
    """Make a notification of one record.

    Args:
        name: ``s3:`` and the event's name.
        bucket: The bucket's name.
        key: The object's key, as it is in the bucket. The notification has it encoded, as the store does.
        size: Bytes.
        etag: The object's ETag; without it one that is the same for the same bucket and key.
        version_id: The object's version; without it the bucket has no versions.
        time: When it happened, ISO 8601 in UTC.
        region: The bucket's region.
        store: Who sends it: ``aws``, ``minio`` or ``ceph``.
    """
    if store not in STORES:
        raise SampleError(f"store: there is no {store!r}; the stores are {', '.join(STORES)}")
    kind = name.removeprefix("s3:")
    if kind in STORE_KINDS and store == "aws":
        raise SampleError(f"S3 sends no {name!r}, but MinIO does: add store='minio'")
    moment_of(time)
    etag = etag or stable_id(bucket, key, size)
    is_by_itself = kind.startswith(_BY_S3_ITSELF)
    record: Json = {
        "eventVersion": "2.6",
        "eventSource": "aws:s3",
        "awsRegion": region,
        "eventTime": time,
        "eventName": kind,
        "userIdentity": {"principalId": _SERVICE if is_by_itself else "AIDAJDPLRKLG7UEXAMPLE"},
        "requestParameters": {"sourceIPAddress": _SERVICE if is_by_itself else "198.51.100.7"},
        "responseElements": _REQUEST,
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "example-notification",
            "bucket": {
                "name": bucket,
                "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
                "arn": f"arn:aws:s3:::{bucket}",
            },
            "object": _object(kind, key, size, etag, version_id),
        },
        **_particulars(kind, size, etag, time),
    }
    if store == "minio":
        return Sample(name, _by_minio(record, bucket, key))
    return Sample(name, {"Records": [_by_ceph(record, key) if store == "ceph" else record]})


def setup_test(_name: str, *, bucket: str = "example-bucket", time: str = TIME) -> Sample:
    """Make the message that S3 sends when somebody sets up notifications; it holds no event."""
    body = {
        "Service": "Amazon S3",
        "Event": TEST,
        "Time": time,
        "Bucket": bucket,
        "RequestId": "5582815E1AEA5ADF",
        "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE",
    }
    return Sample(TEST, body)


def _object(kind: str, key: str, size: int, etag: str, version_id: str | None) -> Json:
    thing: Json = {"key": quote_plus(key, safe="/")}
    is_marker = kind.endswith("DeleteMarkerCreated")
    is_gone = kind in {"ObjectRemoved:Delete", "LifecycleExpiration:Delete"}
    if not is_gone and not is_marker:
        thing["size"] = size
    if not is_gone:
        thing["eTag"] = etag
    if version_id or is_marker:
        thing["versionId"] = version_id or "1QW9g1Z99LUNbvaaYVpW9xDlOLU.qxgF"
    if is_gone or is_marker or kind.startswith("ObjectCreated"):
        thing["sequencer"] = "0055AED6DCD90281E5"
    return thing


def _particulars(kind: str, size: int, etag: str, time: str) -> Json:
    """Return the fields that only some kinds have."""
    if kind == "ObjectRestore:Completed":
        until = {"lifecycleRestorationExpiryTime": time, "lifecycleRestoreStorageClass": "GLACIER"}
        return {"glacierEventData": {"restoreEventData": until}}
    if kind == "LifecycleTransition":
        return {"lifecycleEventData": {"transitionEventData": {"destinationStorageClass": "GLACIER"}}}
    if kind == "IntelligentTiering":
        return {"intelligentTieringEventData": {"destinationAccessTier": "ARCHIVE_ACCESS"}}
    if kind.startswith("ObjectAnnotation"):
        return {"objectAnnotation": [{"name": "example-annotation", "size": size, "eTag": etag}]}
    if not kind.startswith("Replication"):
        return {}
    data: Json = {
        "replicationRuleId": "replicate-all",
        "destinationBucket": "arn:aws:s3:::example-destination",
        "s3Operation": "OBJECT_PUT",
        "requestTime": time,
    }
    if kind.endswith("OperationFailedReplication"):
        data["failureReason"] = "AssumeRoleNotPermitted"
    return {"replicationEventData": data}


def _by_minio(record: Json, bucket: str, key: str) -> Json:
    """Write a notification as MinIO does: names with ``s3:``, and a slash in a key encoded too."""
    name = f"s3:{record['eventName']}"
    minio = {"principalId": "minio"}
    thing = {**record["s3"]["object"], "key": quote_plus(key, safe=""), "contentType": "text/csv"}
    thing["userMetadata"] = {"content-type": "text/csv"}
    answered = {"x-amz-request-id": "17A1B2C3D4E5F607", "x-minio-origin-endpoint": "http://127.0.0.1:9000"}
    store = {**record["s3"]["bucket"], "ownerIdentity": minio}
    told: Json = {
        **record,
        "eventVersion": "2.0",
        "eventSource": "minio:s3",
        "awsRegion": "",
        "eventName": name,
        "userIdentity": minio,
        "requestParameters": {**minio, "region": "", "sourceIPAddress": "127.0.0.1"},
        "responseElements": answered,
        "s3": {**record["s3"], "configurationId": "Config", "bucket": store, "object": thing},
        "source": {"host": "127.0.0.1", "port": "", "userAgent": "MinIO"},
    }
    return {"EventName": name, "Key": f"{bucket}/{key}", "Records": [told]}


def _by_ceph(record: Json, key: str) -> Json:
    """Write a record as Ceph does, which does not encode the key."""
    tester: Any = {"principalId": "tester"}
    thing = {"versionId": "", "sequencer": "F7E6D75DC742D108", **record["s3"]["object"], "key": key}
    store = {
        **record["s3"]["bucket"],
        "ownerIdentity": tester,
        "id": "503a4c37.5332.38",
    }
    return {
        **record,
        "eventVersion": "2.2",
        "eventSource": "ceph:s3",
        "awsRegion": "default",
        "userIdentity": tester,
        "requestParameters": {"sourceIPAddress": ""},
        "s3": {**record["s3"], "bucket": store, "object": {**thing, "metadata": [], "tags": []}},
        "eventId": "",
        "opaqueData": "",
    }
