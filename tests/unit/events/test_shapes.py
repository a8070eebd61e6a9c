"""One record, one event: whoever wraps it, and however the wrapping differs from Lambda's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.exceptions import MessageParseError
from tests.harness.cases import load

Json = dict[str, Any]

SERVICES = [
    *("aws_lambda_dynamodb", "aws_lambda_kinesis", "aws_lambda_sqs", "aws_lambda_sns"),
    *("aws_s3_2_5_put", "aws_lambda_ses", "aws_lambda_codecommit"),
]


def events(body: Any) -> list[Json]:
    message = Message("m-1", json.dumps(body), {"SentTimestamp": "1795312800000"}, queue_name="orders")
    return [event.as_dict() for event in parse_message(message)]


def record_of(name: str) -> Json:
    """The first record of a payload."""
    record: Json = json.loads(load(name).body)["Records"][0]
    return record


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda record: record, id="alone"),
        pytest.param(lambda record: [record], id="array"),
        pytest.param(lambda record: {"records": [record]}, id="records"),
        pytest.param(lambda record: {"Records": record}, id="Records is one object"),
        pytest.param(lambda record: {"records": record}, id="records is one object"),
    ],
)
def test_a_record_is_the_same_event_in_every_wrapping(name: str, wrap: Any) -> None:
    record = record_of(name)

    assert events(wrap(record)) == events({"Records": [record]}) != []


def test_pipes_writes_a_kinesis_record_flat() -> None:
    assert events(json.loads(load("pipes_kinesis").body)) == load("aws_lambda_kinesis").expected[1:2]


def test_a_foreign_receipt_handle_stays_behind() -> None:
    for record in (record_of("aws_lambda_sqs"), record_of("aws_lambda_ses") | {"receiptHandle": "AQEBwJnK"}):
        for body in (record, [record], {"records": [record]}):
            assert "AQEB" not in json.dumps(events(body))


@pytest.mark.parametrize(
    "body",
    [
        {"s3": "s3://partner-a/orders.csv"},
        {"s3": {"uri": "s3://partner-a/orders.csv"}},
        {"records": [{"recordId": "1", "data": "eyJvcmRlciI6IDd9"}]},
        {"records": {"orders-0": [{"topic": "orders", "offset": 15}]}},
        {"Records": []},
        {"eventSource": "web-shop", "order": 7},
        {"eventSource": "s3.amazonaws.com", "eventName": "PutObject"},
        {"detail": {"order": 7}},
        {"source": "shop"},
        {"source": "shop", "detail": "order 7"},
        {"source": ["shop"], "detail": {}},
        {"source": "", "detail": {}},
    ],
    ids=json.dumps,
)
def test_somebodys_own_json_is_the_detail_whatever_its_fields_are_called(body: Json) -> None:
    (event,) = events(body)

    assert (event["source"], event["detail"]) == ("orders", body)


def test_an_array_is_its_elements_each_as_if_it_had_come_alone() -> None:
    upload, change = record_of("aws_s3_2_5_put"), record_of("aws_lambda_dynamodb")
    envelope = json.loads(load("eventbridge_s3").body)

    found = events([upload, {"order": 7}, envelope, change])

    assert [found[place] for place in (0, 2, 3)] == [*events(upload), *events(envelope), *events(change)]
    assert (found[1]["id"], found[1]["detail"]) == ("m-1-1", {"order": 7})


def test_an_array_of_cloudevents_is_cloudevents_batch_mode() -> None:
    event = json.loads(load("cloudevents_json").body)

    assert [one["id"] for one in events([event, event | {"id": "another"}])] == [
        load("cloudevents_json").expected[0]["id"],
        *(one["id"] for one in events(event | {"id": "another"})),
    ]


def test_elements_that_say_the_same_are_events_of_their_own() -> None:
    ids = [event["id"] for event in events([{"order": 7}, {"order": 7}])]

    assert len(set(ids)) == 2


def test_an_element_comes_back_from_the_dead_letter_queue_as_itself() -> None:
    body = '[{"order": 7}, {"order": 8}]'
    kept = {"HybridMessageId": {"DataType": "String", "StringValue": "m-1"}}
    before, after = Message("m-1", body), Message("m-2", body, message_attributes=kept)

    assert parse_message(after) == parse_message(before)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("[]", "the body is an empty JSON array"),
        ("[7]", "element 0 of the body is a JSON number"),
        ('[{"order": 7}, [{"order": 8}]]', "element 1 of the body is a JSON array"),
        ('[{"order": 7}, null]', "element 1 of the body is a JSON null"),
    ],
)
def test_an_array_that_is_not_all_objects_is_rejected_whole(body: str, reason: str) -> None:
    with pytest.raises(MessageParseError, match=reason):
        parse_message(Message("m-1", body))


@pytest.mark.parametrize("name", ["s3_put", "eventbridge_s3", "aws_lambda_dynamodb"])
def test_a_byte_order_mark_says_nothing(name: str) -> None:
    case = load(name)

    assert parse_message(case.message("\ufeff" + case.body)) == parse_message(case.message())
