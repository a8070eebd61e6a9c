"""Directly or through the interceptor, a message holds the same events: every payload in `tests/events`."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.events.records.facts import stable_id
from tests.unit.events.cases import CASES, Case, load
from tests.unit.interceptor.invoking import Interceptor, sent, sns_record, sqs_record

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)

INVOKED = [
    case
    for case in CASES
    if not case.message().message_attributes
    and case.body.startswith(("{", "["))
    and case.name != "plain_array"
]
"""Those that Lambda can be invoked with."""

PLAIN = {"ministack_sns_raw_plain", "ministack_fifo"}
"""Plain JSON has the id of its message; invoked directly, one that is made of what it says."""

ENVELOPE = {"id", "source", "detail"}

AS_IT_CAME = {
    *("aws_lambda_sns", "aws_lambda_sqs", "aws_sns_plain", "ministack_sns_plain", "pipes_sqs"),
    *(case.name for case in CASES if case.name.startswith("cloudevents")),
}
"""Those that say more than EventBridge's envelope has places for."""


def events(messages: list[Message]) -> list[Event]:
    return [event for message in messages for event in parse_message(message)]


@each_case
def test_out_of_a_queue(interceptor: Interceptor, case: Case) -> None:
    message = sent(case)

    answer = interceptor.invoke({"Records": [sqs_record(message)]})

    assert answer == {"batchItemFailures": []}
    assert events(interceptor.received()) == parse_message(message)


def test_attributes_make_a_cloudevent_whatever_the_body_looks_like(interceptor: Interceptor) -> None:
    attributes = sent(load("cloudevents_binary_mode_json")).message_attributes
    upload = load("aws_s3_2_5_put").message(
        attributes={"SentTimestamp": "1795312800123"}, message_attributes=attributes
    )

    interceptor.invoke({"Records": [sqs_record(upload)]})

    assert events(interceptor.received()) == parse_message(upload)


@pytest.mark.parametrize(
    "case", [case for case in CASES if "binary_mode" not in case.name], ids=lambda case: case.name
)
def test_out_of_a_topic(interceptor: Interceptor, case: Case) -> None:
    record = sns_record(case.body)
    directly = sent(case)
    directly = Message(
        "m-1", json.dumps(record["Sns"]), {"SentTimestamp": "1795312800000"}, queue_name=directly.queue_name
    )

    interceptor.invoke({"Records": [record]})

    assert [comparable(event) for event in events(interceptor.received())] == [
        comparable(event) for event in parse_message(directly)
    ]


def comparable(event: Event) -> dict[str, Any]:
    """Return an event; plain JSON's without its time, which is that of sending: each way has its own."""
    fields = event.as_dict()
    return fields if event.detail_type else {**fields, "time": None}


@pytest.mark.parametrize("case", INVOKED, ids=lambda case: case.name)
def test_invoked_by_the_service_itself(interceptor: Interceptor, case: Case) -> None:
    interceptor.invoke(json.loads(case.body))

    messages = interceptor.received()
    forwarded = events(messages)
    assert [event.detail for event in forwarded] == [expected["detail"] for expected in case.expected]
    assert [event.id for event in forwarded] == [
        stable_id(json.loads(case.body)) if case.name in PLAIN else expected["id"]
        for expected in case.expected
    ]
    in_envelopes = [json.loads(message.body).keys() >= ENVELOPE for message in messages]
    assert len(in_envelopes) == len(case.expected)
    assert all(in_envelopes) is (case.name not in AS_IT_CAME)


def test_the_key_to_a_message_in_its_own_queue_stays(interceptor: Interceptor) -> None:
    interceptor.invoke({"Records": [sqs_record(Message("m-1", "no JSON", {"SentTimestamp": "1"}))]})

    (message,) = interceptor.received()
    assert "AQEB" not in message.body


BROKEN = [
    *("", "rubbish", '{"a": NaN}', "[1]", '"text"', "7", "null", "\x7f"),
    *('{"a":' * 500 + "1" + "}" * 500, "[" * 100_000),
    *('{"Records": [{"s3": {}, "eventName": "ObjectCreated:Put"}]}', '{"Records": [5]}', '{"Records": []}'),
    *('{"id": "", "source": "s", "detail-type": "t", "detail": {}}', '{"specversion": "0.3"}'),
]


@pytest.mark.parametrize("body", BROKEN)
def test_what_cannot_be_understood_is_left_to_airflows_side_to_say(
    interceptor: Interceptor, body: str
) -> None:
    message = Message("m-1", body or " ", {"SentTimestamp": "1795312800000"}, queue_name="orders")

    assert interceptor.invoke({"Records": [sqs_record(message)]}) == {"batchItemFailures": []}

    (forwarded,) = interceptor.received()
    assert verdict(forwarded) == verdict(message)


def verdict(message: Message) -> Any:
    try:
        return parse_message(message)
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize(
    "text", ['{"n": "\\u0000"}', '{"n": 1e999}', '{"n": 12345678901234567890123}', "NaN", "é"]
)
def test_kinesis_data_that_airflow_could_not_store(interceptor: Interceptor, text: str) -> None:
    record = json.loads(load("aws_lambda_kinesis").body)["Records"][0]
    record["kinesis"]["data"] = base64.b64encode(text.encode()).decode()
    body = {"Records": [record]}

    interceptor.invoke(body)

    assert events(interceptor.received()) == parse_message(Message("m", json.dumps(body)))
