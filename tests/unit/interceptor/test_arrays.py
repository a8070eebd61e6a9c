"""Arrays: EventBridge Pipes hands one over even for a single record, and a program may send any."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.exceptions import MessageParseError
from airflow_provider_hybrid.interceptor.handler import ForwardError
from tests.harness.proxy import Proxy
from tests.unit.events.cases import load
from tests.unit.interceptor.invoking import Interceptor, sqs_record
from tests.unit.interceptor.test_trouble import SEND, third

EVENT_ID = "f07f8ca4b0b26cb9c4e5e77e69f274ee"


def flat(record: Any) -> Any:
    """A Kinesis record as Pipes writes it."""
    return {**record["kinesis"], **{name: value for name, value in record.items() if name != "kinesis"}}


def from_pipes(source: str, number: int) -> tuple[list[Any], list[str]]:
    """What Pipes hands over, and what it calls each element in an answer about single ones."""
    items = [f"{source}-{index}" for index in range(number)]
    if source == "sqs":
        sent = {"SentTimestamp": "1795312800000"}
        return [sqs_record(Message(item, json.dumps({"order": item}), sent)) for item in items], items
    record = json.loads(load(f"aws_lambda_{source}").body)["Records"][0]
    record = flat(record) if source == "kinesis" else record
    return [{**record, "eventID": item} for item in items], items


def ids(messages: list[Message]) -> list[str]:
    return [event.id for message in messages for event in parse_message(message)]


def test_what_pipes_hands_over_is_one_event_for_each_element(interceptor: Interceptor) -> None:
    answer = interceptor.invoke(json.loads(load("pipes_lambda_array").body))

    assert answer == {"batchItemFailures": []}
    assert ids(interceptor.received()) == [EVENT_ID]


@pytest.mark.parametrize("source", ["dynamodb", "kinesis", "sqs"])
def test_the_elements_that_sqs_refuses_are_reported(
    interceptor: Interceptor, proxy: Proxy, source: str
) -> None:
    elements, items = from_pipes(source, 5)
    with proxy.fail_entries(SEND, third, "InternalError", sender_fault=True):
        answer = interceptor.invoke(elements)

    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == [items[0], items[3]]
    directly = [ids([Message("m", json.dumps(element))])[0] for element in elements]
    assert ids(interceptor.received()) == [directly[place] for place in (1, 2, 4)]


def test_elements_that_have_no_name_fail_together(interceptor: Interceptor, proxy: Proxy) -> None:
    with (
        proxy.fail_entries(SEND, third, "InternalError", sender_fault=True),
        pytest.raises(ForwardError, match="1 event"),
    ):
        interceptor.invoke([{"order": 7}, {"order": 8}])


def test_a_programs_array_is_one_event_for_each_element(interceptor: Interceptor) -> None:
    envelope = json.loads(load("eventbridge_s3").body)

    interceptor.invoke([{"order": 7}, envelope, {"order": 7}])

    events = [event for message in interceptor.received() for event in parse_message(message)]
    assert [event.detail for event in events] == [{"order": 7}, envelope["detail"], {"order": 7}]
    assert len({event.id for event in events}) == 3


def test_an_array_that_comes_again_has_the_same_ids(interceptor: Interceptor) -> None:
    found = []
    for _ in range(2):
        interceptor.invoke([{"order": 7}, {"order": 8}])
        found.append(ids(interceptor.received()))

    assert found[0] == found[1]


@pytest.mark.parametrize("name", ["aws_lambda_ses", "aws_lambda_codecommit", "aws_lambda_kafka"])
def test_a_record_without_an_id_has_the_same_one_at_every_try(interceptor: Interceptor, name: str) -> None:
    body = json.loads(load(name).body)
    for _ in range(2):
        interceptor.invoke(body)

        assert ids(interceptor.received()) == [load(name).expected[0]["id"]]


@pytest.mark.parametrize("event", [[], [7], [[]], ["text"], [None]])
def test_what_is_no_event_is_forwarded_for_airflows_side_to_reject(
    interceptor: Interceptor, event: Any
) -> None:
    interceptor.invoke(event)

    (message,) = interceptor.received()
    with pytest.raises(MessageParseError):
        parse_message(message)


@pytest.mark.parametrize("wrap", [lambda record: record, lambda record: {"records": [record]}])
def test_whoever_writes_a_batch_of_its_own_is_told_of_a_failure(
    interceptor: Interceptor, proxy: Proxy, wrap: Any
) -> None:
    (record,), _ = from_pipes("sqs", 1)

    with proxy.fail_entries(SEND, third, "InternalError", sender_fault=True), pytest.raises(ForwardError):
        interceptor.invoke(wrap(record))


@pytest.mark.parametrize("kind", ["confirmation", "pointer"])
def test_no_token_and_no_place_reaches_an_event(interceptor: Interceptor, kind: str) -> None:
    confirmation = {"Type": "SubscriptionConfirmation", "TopicArn": "arn", "Token": "t"}
    pointer = ["software.amazon.payloadoffloading.PayloadS3Pointer", {"s3BucketName": "b", "s3Key": "k"}]

    interceptor.invoke(confirmation if kind == "confirmation" else pointer)

    (message,) = interceptor.received()
    with pytest.raises(MessageParseError, match="no event"):
        parse_message(message)
