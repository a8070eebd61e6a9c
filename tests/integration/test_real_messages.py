"""S3 says of an upload what was uploaded, by each way that AWS knows to a queue.

The messages in `tests/events` were captured from the same calls; this keeps them honest.
"""

from __future__ import annotations

import pytest

from tests.harness.ministack import MiniStack
from tests.integration.bucket import Bucket, Way, eventbridge, raw_sns, sns, sqs

KEYS = {
    "space": "orders/a b.csv",
    "plus": "orders/a+b.csv",
    "unicode": "orders/größe 値 🎉.csv",
    "percent": "orders/100%25 +%C3%A9.csv",
    "1024 bytes": "orders/" + "ü" * 508 + "x",
    "braces": "orders/{{ var.value.secret }}.csv",
}
each_way = pytest.mark.parametrize("way", [sqs, sns, raw_sns, eventbridge])


@each_way
def test_keys_sizes_and_etags_are_those_of_the_upload(ministack: MiniStack, way: Way) -> None:
    bucket = Bucket(ministack, f"keys-{way.__name__.replace('_', '-')}")
    way(bucket)

    uploaded = {}
    for size, key in enumerate(KEYS.values(), start=1):
        answer = bucket.s3.put_object(Bucket=bucket.name, Key=key, Body=b"x" * size)
        uploaded[key] = (size, answer["ETag"].strip('"'))
    events = bucket.received(len(KEYS))

    objects = [event.detail["object"] for event in events]
    assert {entry["key"]: (entry["size"], entry["etag"]) for entry in objects} == uploaded
    assert max(len(entry["key"].encode()) for entry in objects) == 1024
    assert {event.detail["bucket"]["name"] for event in events} == {bucket.name}
    assert {event.detail["reason"] for event in events} == {"PutObject"}
    assert {event.resources for event in events} == {(f"arn:aws:s3:::{bucket.name}",)}
    assert len({event.id for event in events}) == len(KEYS)


@each_way
def test_the_life_of_an_object_is_told_as_it_was(ministack: MiniStack, way: Way) -> None:
    bucket = Bucket(ministack, f"life-{way.__name__.replace('_', '-')}")
    way(bucket)
    thing = {"Bucket": bucket.name, "Key": "orders/a b.csv"}

    first = bucket.s3.put_object(**thing, Body=b"one")["VersionId"]
    upload = {**thing, "UploadId": bucket.s3.create_multipart_upload(**thing)["UploadId"]}
    part = bucket.s3.upload_part(**upload, PartNumber=1, Body=b"three")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": part}]}
    second = bucket.s3.complete_multipart_upload(**upload, MultipartUpload=parts)["VersionId"]
    third = bucket.s3.copy_object(**thing, CopySource={**thing, "VersionId": first})["VersionId"]
    marker = bucket.s3.delete_object(**thing)["VersionId"]
    bucket.s3.delete_object(**thing, VersionId=first)
    events = bucket.received(5)

    told = {event.detail["object"]["sequencer"]: event for event in events}
    story = [told[sequencer] for sequencer in sorted(told)]
    assert [
        (event.detail_type, event.detail["reason"], event.detail.get("deletion-type")) for event in story
    ] == [
        ("Object Created", "PutObject", None),
        ("Object Created", "CompleteMultipartUpload", None),
        ("Object Created", "CopyObject", None),
        ("Object Deleted", "DeleteObject", "Delete Marker Created"),
        ("Object Deleted", "DeleteObject", "Permanently Deleted"),
    ]
    assert [event.detail["object"]["size"] for event in story[:3]] == [3, 5, 3]
    # MiniStack leaves the version out of its EventBridge events; AWS does not.
    if way is not eventbridge:
        versions = [event.detail["object"]["version-id"] for event in story]
        assert versions == [first, second, third, marker, first]


@pytest.mark.parametrize("way", [sqs, eventbridge])
def test_a_restore_says_from_where_and_until_when(ministack: MiniStack, way: Way) -> None:
    bucket = Bucket(ministack, f"cold-{way.__name__}")
    bucket.s3.put_object(Bucket=bucket.name, Key="cold.csv", Body=b"cold", StorageClass="GLACIER")
    way(bucket)

    bucket.s3.restore_object(Bucket=bucket.name, Key="cold.csv", RestoreRequest={"Days": 1})
    asked, done = sorted(bucket.received(2), key=lambda event: str(event.time))

    assert (asked.detail_type, done.detail_type) == ("Object Restore Initiated", "Object Restore Completed")
    assert asked.id != done.id
    # MiniStack leaves both out of its EventBridge events; AWS does not.
    if way is not eventbridge:
        assert done.detail["source-storage-class"] == "GLACIER"
        assert done.detail["restore-expiry-time"] > str(done.time)


def test_an_annotation_is_told_by_name(ministack: MiniStack) -> None:
    bucket = Bucket(ministack, "notes")
    if not hasattr(bucket.s3, "put_object_annotation"):
        pytest.skip("this boto3 knows no annotations")
    bucket.s3.put_object(Bucket=bucket.name, Key="a.csv", Body=b"a")
    sqs(bucket)
    note = {"Bucket": bucket.name, "Key": "a.csv", "AnnotationName": "checked"}

    bucket.s3.put_object_annotation(**note, AnnotationPayload=b"yes")
    bucket.s3.delete_object_annotation(**note)
    put, deleted = sorted(bucket.received(2), key=lambda event: str(event.time))

    assert (put.detail_type, deleted.detail_type) == (
        "Object Annotation Created",
        "Object Annotation Removed",
    )
    assert put.detail["object-annotation"]["name"] == deleted.detail["object-annotation"]["name"] == "checked"
    assert put.detail["object-annotation"]["size"] == 3


@pytest.mark.parametrize("raw", [False, True])
def test_what_a_publisher_says_beside_the_message_arrives(ministack: MiniStack, raw: bool) -> None:
    bucket = Bucket(ministack, f"published-{raw}".lower())
    sns(bucket, raw=raw)
    topic = bucket.sns.create_topic(Name=bucket.name)["TopicArn"]

    tenant = {"DataType": "String", "StringValue": "acme"}
    bucket.sns.publish(
        TopicArn=topic, Subject="New order", Message='{"order": 7}', MessageAttributes={"tenant": tenant}
    )
    ((event, message),) = bucket.opened(1)

    assert event.detail == {"order": 7}
    assert event.source == bucket.name
    assert message.message_attributes["tenant"] == tenant
    # SNS leaves the subject out of raw deliveries.
    assert message.attributes.get("Subject") == (None if raw else "New order")
