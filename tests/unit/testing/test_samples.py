"""A sample is what the producer sends: compared with real payloads, and read by the real parser."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import open_message, parse_message
from airflow_provider_hybrid.events.records.s3 import S3_KINDS, STORE_KINDS
from airflow_provider_hybrid.events.written import read_messages
from airflow_provider_hybrid.interceptor.unpack import unpack
from airflow_provider_hybrid.testing import (
    SAMPLE_NAMES,
    WAY_NAMES,
    SampleError,
    sample_event,
    sample_message,
)

KEY = "orders/2026-11-22/größe {{ a }} 50%25 +.csv"

REAL: list[tuple[str, str, dict[str, Any]]] = [
    ("aws_s3_2_5_put", "s3:ObjectCreated:Put", {"version_id": "v"}),
    ("ministack_s3_multipart", "s3:ObjectCreated:CompleteMultipartUpload", {}),
    ("aws_s3_2_3_expired", "s3:LifecycleExpiration:Delete", {}),
    ("aws_s3_2_3_expired_marker", "s3:LifecycleExpiration:DeleteMarkerCreated", {}),
    ("aws_s3_2_1_restore_completed", "s3:ObjectRestore:Completed", {"version_id": "v"}),
    ("aws_s3_2_3_restore_expired", "s3:ObjectRestore:Delete", {"version_id": "v"}),
    ("ministack_s3_restore_initiated", "s3:ObjectRestore:Post", {}),
    ("aws_s3_2_3_transition", "s3:LifecycleTransition", {"version_id": "v"}),
    ("aws_s3_2_3_tiering", "s3:IntelligentTiering", {}),
    ("aws_s3_2_3_acl", "s3:ObjectAcl:Put", {"version_id": "v"}),
    ("aws_s3_2_3_tags_added", "s3:ObjectTagging:Put", {"version_id": "v"}),
    ("aws_s3_2_3_tags_deleted", "s3:ObjectTagging:Delete", {"version_id": "v"}),
    ("aws_s3_2_1_lost", "s3:ReducedRedundancyLostObject", {}),
    ("aws_s3_2_2_replication_failed", "s3:Replication:OperationFailedReplication", {"version_id": "v"}),
    ("ministack_s3_annotation_put", "s3:ObjectAnnotation:Put", {}),
    ("aws_s3_test_event", "s3:TestEvent", {}),
    ("minio_s3_put_tagging", "s3:ObjectCreated:PutTagging", {"store": "minio"}),
    ("ceph_s3_plus", "s3:ObjectCreated:Put", {"store": "ceph"}),
    ("aws_eventbridge_s3_created", "s3:ObjectCreated:Put", {"via": "eventbridge", "version_id": "v"}),
    ("aws_eventbridge_s3_deleted", "s3:ObjectRemoved:DeleteMarkerCreated", {"via": "eventbridge"}),
    ("aws_eventbridge_s3_expired", "s3:LifecycleExpiration:DeleteMarkerCreated", {"via": "eventbridge"}),
    (
        "aws_eventbridge_s3_restore_completed",
        "s3:ObjectRestore:Completed",
        {"via": "eventbridge", "version_id": "v"},
    ),
    ("ministack_eventbridge_custom", "eventbridge", {}),
    ("ministack_sns_s3_multipart", "s3:ObjectCreated:Put", {"via": "sns"}),
    ("aws_lambda_kinesis", "kinesis:record", {}),
    ("pipes_kinesis", "kinesis:record", {"via": "pipes"}),
    ("pipes_dynamodb", "dynamodb:INSERT", {"via": "pipes", "keys": {"pk": {"S": "acme"}}}),
    ("pipes_sqs", "json", {"via": "pipes"}),
    ("aws_lambda_sqs", "json", {"via": "lambda-sqs"}),
    ("aws_lambda_ses", "ses:mail", {}),
    ("aws_lambda_codecommit", "codecommit:ReferenceChanges", {}),
    (
        "cloudevents_subject",
        "cloudevents",
        {"subject": "a", "extensions": {"comexampleextension1": "a", "comexampleothervalue": 5}},
    ),
]
"""A real payload, and the sample that must have its shape."""

LEFT_OUT = {
    # Only buckets that CloudFormation made have them.
    *("awsGeneratedTags", "aws-generated-tags"),
    # What an item, a mail or an event holds is the test's own.
    *("Keys", "NewImage", "OldImage", "detail", "data", "Message", "myAttribute"),
}


def shape(value: Any) -> Any:
    """Name the fields of a value and the types in them; of a list the first element counts."""
    if isinstance(value, dict):
        return {key: shape(below) for key, below in value.items() if key not in LEFT_OUT}
    if isinstance(value, list):
        return [shape(below) for below in value[:1]]
    return "number" if type(value) in {int, float} else type(value).__name__


def shape_of_events(value: Any) -> Any:
    """The same; the detail of S3's events counts, too."""
    detail = value.get("detail") if isinstance(value, dict) and value.get("source") == "aws.s3" else None
    return shape(value), shape(detail)


@pytest.mark.parametrize(("payload_name", "name", "arguments"), REAL, ids=[real[0] for real in REAL])
def test_a_sample_has_the_shape_of_a_real_payload(
    payload: Callable[[str], str], payload_name: str, name: str, arguments: dict[str, Any]
) -> None:
    real = json.loads(payload(payload_name))

    assert shape_of_events(sample_event(name, **arguments)) == shape_of_events(real)


def parsed(name: str, **arguments: Any) -> list[Event]:
    return parse_message(Message.from_sqs(sample_message(name, **arguments), "partner-events"))


@pytest.mark.parametrize("name", [name for name in SAMPLE_NAMES if name != "s3:TestEvent"])
def test_every_sample_is_one_event(name: str) -> None:
    store = {"store": "minio"} if name.removeprefix("s3:") in STORE_KINDS else {}

    (event,) = parsed(name, **store)

    assert event.source


def test_the_test_message_holds_no_event() -> None:
    assert parsed("s3:TestEvent") == []


@pytest.mark.parametrize("kind", S3_KINDS)
@pytest.mark.parametrize("via", ["", "eventbridge"])
def test_the_facts_of_an_upload_arrive(kind: str, via: str) -> None:
    (event,) = parsed(f"s3:{kind}", bucket="partner-a", key=KEY, size=5, via=via or ())

    said = [event.detail_type, event.detail.get("reason"), event.detail.get("deletion-type")]
    assert [word for word in said if word] == list(S3_KINDS[kind])
    assert (event.source, event.detail["bucket"]["name"], event.detail["object"]["key"]) == (
        "aws.s3",
        "partner-a",
        KEY,
    )
    assert event.detail["object"].get("size") in {5, None}


@pytest.mark.parametrize("store", ["aws", "minio", "ceph"])
def test_a_key_is_written_as_the_store_writes_it_and_read_again(store: str) -> None:
    (event,) = parsed("s3:ObjectCreated:Put", key=KEY, store=store)

    assert event.detail["object"]["key"] == KEY


SAME = ("sns", "sns-raw", "interceptor", "compressed", "pipes", "lambda-sqs", "lambda-sns")


@pytest.mark.parametrize("name", ["s3:ObjectCreated:Put", "kinesis:record", "dynamodb:MODIFY", "ses:mail"])
@pytest.mark.parametrize("via", [*SAME, ("interceptor", "compressed"), ("sns", "lambda-sqs")])
def test_the_same_record_is_the_same_event_on_every_way(name: str, via: Any) -> None:
    assert parsed(name, via=via) == parsed(name)


def test_an_event_may_take_several_ways_one_after_the_other() -> None:
    body = sample_event("s3:ObjectCreated:Put", bucket="partner-a", via=("eventbridge", "sns"))

    assert body["Type"] == "Notification"
    assert json.loads(body["Message"])["detail"]["bucket"]["name"] == "partner-a"
    assert parsed("s3:ObjectCreated:Put", bucket="partner-a", via=("eventbridge", "sns")) == parsed(
        "s3:ObjectCreated:Put", bucket="partner-a", via="eventbridge"
    )


@pytest.mark.parametrize("name", [name for name in SAMPLE_NAMES if name.partition(":")[2] != "TestEvent"])
def test_the_interceptor_sends_what_the_sample_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = {"store": "minio"} if name.removeprefix("s3:") in STORE_KINDS else {}
    monkeypatch.setitem(os.environ, "QUEUE_URL", "https://sqs/1/partner-events")

    (parcel,) = unpack(sample_event(name, **store))
    sample = sample_event(name, via="interceptor", **store)

    assert json.loads(parcel.body) == sample


def test_a_cloud_event_is_the_same_in_both_modes() -> None:
    said = {"type": "com.example.order", "subject": "order-7", "data": {"order": 7}}

    (structured,) = parsed("cloudevents", **said)
    (binary,) = parsed("cloudevents", via="binary", **said)

    assert binary == structured
    assert structured.resources == ("order-7",)


def test_a_plain_array_is_an_event_for_each_element() -> None:
    assert [event.detail for event in parsed("json", data=[{"order": 7}, {"order": 8}])] == [
        {"order": 7},
        {"order": 8},
    ]


def test_a_stream_s_facts_arrive() -> None:
    (record,) = parsed("kinesis:record", stream="orders", data="text", time="2026-11-23T01:02:03Z")
    (change,) = parsed("dynamodb:REMOVE", table="orders", keys={"id": {"S": "a"}})

    assert (record.detail["data"], record.time) == ("text", "2026-11-23T01:02:03Z")
    assert record.resources == ("arn:aws:kinesis:eu-west-1:123456789012:stream/orders",)
    assert (change.detail_type, change.detail["OldImage"]) == ("REMOVE", {"id": {"S": "a"}})


def test_the_same_arguments_make_the_same_event_and_others_another_one() -> None:
    def id_of(**arguments: Any) -> str:
        (event,) = parsed("s3:ObjectCreated:Put", via="eventbridge", **arguments)
        return event.id

    assert id_of() == id_of() != id_of(time="2026-11-23T00:00:00Z")


def test_a_message_has_what_sqs_hands_out(sqs: Any, queue_url: str) -> None:
    sample = sample_message("cloudevents", via="binary", message_attributes={"tenant": "acme"})
    sqs.send_message(
        QueueUrl=queue_url, MessageBody=sample["Body"], MessageAttributes=sample["MessageAttributes"]
    )

    (received,) = sqs.receive_message(
        QueueUrl=queue_url, AttributeNames=["All"], MessageAttributeNames=["All"]
    )["Messages"]

    assert received.keys() - sample.keys() == {"MD5OfMessageAttributes"}
    assert sample.keys() <= received.keys()
    assert sample["MD5OfBody"] == received["MD5OfBody"]
    assert sample["MessageAttributes"] == received["MessageAttributes"]
    assert sample["Attributes"].keys() == received["Attributes"].keys()
    assert [event.id for event in parse_message(Message.from_sqs(received))] == [
        event.id for event in parse_message(Message.from_sqs(sample))
    ]


@pytest.mark.parametrize("via", ["sns", "sns-raw", "lambda-sqs", "lambda-sns", "pipes", "compressed"])
def test_the_attributes_of_a_message_arrive(via: str) -> None:
    sample = sample_message("json", via=via, message_attributes={"tenant": "acme"})

    ((_, inner),) = open_message(Message.from_sqs(sample))

    assert inner.message_attributes["tenant"]["StringValue"] == "acme"


def test_a_message_of_a_fifo_queue_has_its_group_and_its_deduplication_id() -> None:
    sent_at = datetime(2026, 11, 22, 3, tzinfo=timezone.utc)

    message = Message.from_sqs(
        sample_message("json", group_id="acme", deduplication_id="order-7", sent_at=sent_at)
    )

    assert (message.group_id, message.identity) == ("acme", "order-7")
    assert message.sent_at == sent_at.timestamp()


def test_explain_takes_a_sample_message() -> None:
    sample = sample_message("s3:ObjectCreated:Put", via="compressed")

    (read,) = read_messages(json.dumps(sample), "partner-events", 0)

    assert read == Message.from_sqs(sample, "partner-events")


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        (
            "s3:ObjectCreatd:Put",
            {},
            "there is no sample 's3:ObjectCreatd:Put'; did you mean 's3:ObjectCreated:Put'",
        ),
        ("ObjectCreated:Put", {}, "did you mean 's3:ObjectCreated:Put'"),
        ("Object Created", {}, "did you mean 's3:ObjectCreated:Put' or 's3:ObjectCreated:Post' or"),
        ("xyz", {}, "the samples are s3:ObjectCreated:Put, "),
        ("s3:ObjectCreated:Put", {"buckett": "a"}, "has no 'buckett'; did you mean 'bucket'?"),
        ("s3:ObjectCreated:Put", {"xyz": "a"}, "has no 'xyz'; there are bucket, key, size, etag, "),
        (
            "s3:ObjectCreated:Put",
            {"size": "5"},
            "size: is no whole number; write one without quotes",
        ),
        (
            "s3:ObjectCreated:Put",
            {"time": "noon"},
            "time: 'noon' is no time; write '2026-11-22T02:00:00.000Z'",
        ),
        ("s3:ObjectCreated:Put", {"store": "gcs"}, "there is no 'gcs'; the stores are aws, minio, ceph"),
        ("s3:ObjectCreated:Put", {"via": "sn"}, "via: there is no way 'sn'; did you mean 'sns'?"),
        ("s3:ObjectCreated:PutTagging", {}, "but MinIO does: add store='minio'"),
        ("s3:ReducedRedundancyLostObject", {"via": "eventbridge"}, "does not come through EventBridge"),
        ("kinesis:record", {"via": "eventbridge"}, "for a stream the way 'pipes'"),
        ("json", {"via": "binary"}, "has no binary mode: only the sample 'cloudevents' has"),
        ("cloudevents", {"via": "binary"}, "take sample_message('cloudevents', via='binary')"),
        ("cloudevents", {"via": ("binary", "interceptor")}, "carries no message attributes"),
    ],
)
def test_what_there_is_not_is_a_clear_error(name: str, arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SampleError) as raised:
        sample_event(name, **arguments)

    assert sentence in str(raised.value)


def test_each_way_has_a_test_above() -> None:
    assert {*SAME, "eventbridge", "binary"} == {*WAY_NAMES}
