"""What comes out of each envelope, and out of what is none."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message

Payload = Callable[[str], str]


def message(body: str, **fields: object) -> Message:
    return Message(message_id="5fea7756-0ea4-451a-a703-a558b933e274", body=body, **fields)  # type: ignore[arg-type]


def test_an_s3_notification_becomes_s3s_eventbridge_event(payload: Payload) -> None:
    (event,) = parse_message(message(payload("s3_put")))

    assert event.as_dict() == {
        "id": event.id,
        "source": "aws.s3",
        "detail-type": "Object Created",
        "time": "2026-11-22T00:00:00.000Z",
        "region": "us-west-2",
        "resources": ["arn:aws:s3:::partner-a"],
        "detail": {
            "version": "0",
            "bucket": {"name": "partner-a"},
            "object": {
                "key": "orders/2026-11-22/{{ var.value.secret }} +%C3%A9.csv",
                "size": 1024,
                "etag": "d41d8cd98f00b204e9800998ecf8427e",
                "version-id": "096fKKXTRTtl3on89fVO.nfljtsv6qko",
                "sequencer": "0055AED6DCD90281E5",
            },
            "request-id": "C3D13FE58DE4C810",
            "requester": "AIDAJDPLRKLG7UEXAMPLE",
            "source-ip-address": "198.51.100.7",
            "reason": "PutObject",
        },
    }


def test_every_record_of_a_notification_is_an_event(payload: Payload) -> None:
    first, second = parse_message(message(payload("s3_two_records")))

    assert (first.detail_type, first.detail["reason"]) == ("Object Created", "CompleteMultipartUpload")
    assert (second.detail_type, second.detail["deletion-type"]) == ("Object Deleted", "Permanently Deleted")
    assert first.id != second.id


def test_an_s3_event_keeps_its_id_when_s3_sends_it_twice(payload: Payload) -> None:
    once = json.loads(payload("s3_put"))
    again = json.loads(payload("s3_put"))
    again["Records"][0]["responseElements"]["x-amz-request-id"] = "ANOTHER"

    assert [event.id for event in parse_message(message(json.dumps(once)))] == [
        event.id for event in parse_message(Message(message_id="another", body=json.dumps(again)))
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [("key", "orders/other.csv"), ("versionId", "other"), ("sequencer", "0055AED6DCD90281E6")],
)
def test_another_object_version_or_write_has_another_id(payload: Payload, field: str, value: str) -> None:
    other = json.loads(payload("s3_put"))
    other["Records"][0]["s3"]["object"][field] = value

    assert parse_message(message(json.dumps(other)))[0].id != parse_message(message(payload("s3_put")))[0].id


def test_s3s_test_event_tells_of_nothing(payload: Payload) -> None:
    assert parse_message(message(payload("s3_test_event"))) == []


def test_eventbridges_envelope_is_taken_as_it_is(payload: Payload) -> None:
    (event,) = parse_message(message(payload("eventbridge_s3")))

    sent = json.loads(payload("eventbridge_s3"))
    del sent["version"]
    assert event.as_dict() == sent
    assert event.detail["object"]["key"] == "orders/2026-11-22/a b+c.csv"


@pytest.mark.parametrize("inner", ["s3_put", "s3_two_records", "s3_test_event", "eventbridge_s3"])
def test_sns_around_an_envelope_changes_nothing(payload: Payload, inner: str) -> None:
    wrapped = json.loads(payload("sns_notification")) | {"Message": payload(inner)}

    assert parse_message(message(json.dumps(wrapped))) == parse_message(message(payload(inner)))


def test_a_store_that_speaks_s3_is_understood() -> None:
    record = {
        "eventVersion": "2.0",
        "eventSource": "minio:s3",
        "eventName": "s3:ObjectCreated:Put",
        "awsRegion": "",
        "s3": {"bucket": {"name": "partner-a"}, "object": {"key": "a%20b.csv", "size": 5}},
    }

    (event,) = parse_message(message(json.dumps({"EventName": "s3:ObjectCreated:Put", "Records": [record]})))

    assert event.detail_type == "Object Created"
    assert event.detail["object"] == {"key": "a b.csv", "size": 5}
    assert event.region is None


def test_an_event_of_s3_that_is_new_keeps_its_name(payload: Payload) -> None:
    body = json.loads(payload("s3_put"))
    body["Records"][0] |= {"eventName": "ObjectFrozen:Deep", "freezingEventData": {"newDegrees": -5}}

    (event,) = parse_message(message(json.dumps(body)))

    assert event.detail_type == "ObjectFrozen:Deep"
    assert event.detail["freezing-event-data"] == {"new-degrees": -5}


def test_bytes_that_are_text_by_chance_stay_bytes(payload: Payload) -> None:
    body = json.loads(payload("aws_lambda_kinesis"))
    body["Records"][0]["kinesis"]["data"] = "AGFiYw=="  # NUL, then "abc"

    assert parse_message(message(json.dumps(body)))[0].detail["data_base64"] == "AGFiYw=="


def test_json_in_base64_is_a_cloudevents_data(payload: Payload) -> None:
    body = json.loads(payload("cloudevents_json"))
    del body["data"]

    (event,) = parse_message(message(json.dumps(body | {"data_base64": "eyJvcmRlciI6IDd9"})))

    assert event.detail == {"order": 7}


def test_plain_json_is_the_detail_of_an_event_from_the_queue() -> None:
    plain = message('{"order": 7}', attributes={"SentTimestamp": "1795312800000"}, queue_name="orders")

    (event,) = parse_message(plain)

    assert event.as_dict() == {
        "id": "5fea7756-0ea4-451a-a703-a558b933e274",
        "source": "orders",
        "time": "2026-11-22T02:00:00Z",
        "detail": {"order": 7},
    }


@pytest.mark.parametrize("broken", [True, "1545084650", 1e300, None])
def test_a_time_that_is_none_is_absent(payload: Payload, broken: object) -> None:
    body = json.loads(payload("aws_lambda_kinesis"))
    body["Records"][0]["kinesis"]["approximateArrivalTimestamp"] = broken

    assert parse_message(message(json.dumps(body)))[0].time is None
