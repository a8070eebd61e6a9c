"""Which copies are one event, and which are two."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.events.records.facts import stable_id
from tests.harness.cases import Case, load


def event_id(case: Case, body: Any = None, **fields: Any) -> str:
    (event,) = parse_message(case.message(None if body is None else json.dumps(body), **fields))
    return event.id


def test_the_id_of_an_upload_is_the_hash_that_an_interceptor_writes_too() -> None:
    assert event_id(load("aws_s3_2_1_put")) == stable_id(
        "amzn-s3-demo-bucket",
        "HappyFace.jpg",
        "096fKKXTRTtl3on89fVO.nfljtsv6qko",
        "0055AED6DCD90281E5",
        "d41d8cd98f00b204e9800998ecf8427e",
        1024,
        "ObjectCreated:Put",
        "1970-01-01T00:00:00.000Z",
        {"reason": "PutObject"},
    )
    assert stable_id("a", None) == "df14bf1df5b1b943b5f00292dc45b64c"


def test_the_version_of_the_notification_does_not_matter() -> None:
    assert event_id(load("aws_s3_2_0_put")) == event_id(load("aws_s3_2_5_put"))


@pytest.mark.parametrize("name", ["aws_s3_2_3_tags_added", "aws_s3_2_3_restore_expired", "aws_s3_2_3_acl"])
def test_what_has_no_sequencer_may_happen_again_to_the_same_version(name: str) -> None:
    case = load(name)
    again = json.loads(case.body)
    again["Records"][0]["eventTime"] = "1970-01-01T00:00:00.001Z"

    assert event_id(case, again) != event_id(case)


def test_a_failure_to_replicate_is_one_event_per_destination() -> None:
    case = load("aws_s3_2_2_replication_failed")
    elsewhere = json.loads(case.body)
    elsewhere["Records"][0]["replicationEventData"]["destinationBucket"] = "arn:aws:s3:::elsewhere"

    assert event_id(case, elsewhere) != event_id(case)


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_version_is_no_version(empty: str | None) -> None:
    case = load("ministack_s3_multipart")
    body = json.loads(case.body)
    body["Records"][0]["s3"]["object"]["versionId"] = empty

    assert event_id(case, body) == event_id(case)


@pytest.mark.parametrize("field", ["source", "id"])
def test_a_cloudevent_is_known_by_source_and_id_together(field: str) -> None:
    case = load("cloudevents_json")
    body = json.loads(case.body)

    assert event_id(case, body | {"time": "2020-01-01T00:00:00Z", "data": {}}) == event_id(case)
    assert event_id(case, body | {field: "another"}) != event_id(case)


def test_a_cloudevent_has_one_id_in_both_modes() -> None:
    assert event_id(load("cloudevents_json")) == event_id(load("cloudevents_binary_mode_json"))
    assert event_id(load("cloudevents_json")) == event_id(load("cloudevents_binary_mode_kafka"))


@pytest.mark.parametrize("field", ["eventID", "eventSourceARN"])
def test_a_kinesis_record_is_known_by_stream_and_place_in_it(field: str) -> None:
    case = load("aws_lambda_kinesis")
    body = {"Records": json.loads(case.body)["Records"][:1]}
    other = {"Records": [body["Records"][0] | {field: "another"}]}

    assert event_id(case, body) == case.expected[0]["id"]
    assert event_id(case, other) != event_id(case, body)


def test_a_copy_that_sns_delivers_twice_is_one_event() -> None:
    case = load("ministack_sns_plain")

    assert (
        event_id(case, message_id="m-1")
        == event_id(case, message_id="m-2")
        == json.loads(case.body)["MessageId"]
    )


def test_a_fifo_producers_duplicate_is_one_event() -> None:
    case = load("ministack_fifo")

    assert event_id(case, message_id="m-1") == event_id(case, message_id="m-2") == "order-7-created"


def sent_back(case: Case) -> str:
    """The event's id after the dead-letter queue, which gives the message new ids of SQS's own."""
    before = case.message()
    attributes = {**before.attributes}
    if "MessageDeduplicationId" in attributes:
        attributes["MessageDeduplicationId"] = "another"
    kept = {"HybridMessageId": {"DataType": "String", "StringValue": before.identity}}
    return event_id(
        case,
        message_id="another",
        attributes=attributes,
        message_attributes={**before.message_attributes, **kept},
    )


@pytest.mark.parametrize(
    "name",
    [
        "ministack_fifo",
        "ministack_sns_plain",
        "ministack_sns_raw_plain",
        "aws_sns_plain",
        "aws_lambda_sns",
        "aws_s3_2_1_put",
        "cloudevents_json",
        "cloudevents_binary_mode_json",
    ],
)
def test_an_event_comes_back_from_the_dead_letter_queue_as_itself(name: str) -> None:
    assert sent_back(load(name)) == event_id(load(name))


def test_what_lambda_forwarded_comes_back_as_itself() -> None:
    case = load("aws_lambda_sqs")
    kept = {"HybridMessageId": {"DataType": "String", "StringValue": "m-1"}}
    again = case.message(message_id="another", message_attributes=kept)

    assert [event.id for event in parse_message(again)] == [event["id"] for event in case.expected]


def test_behind_sns_a_fifo_queue_decides() -> None:
    case = load("ministack_sns_plain")
    fifo = replace(case, attributes={"attributes": {"MessageDeduplicationId": "order-7"}})

    assert sent_back(fifo) == event_id(fifo) == "order-7"
