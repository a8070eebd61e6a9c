"""What cannot be understood is one named error, with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.exceptions import MessageParseError

Payload = Callable[[str], str]


def message(body: str) -> Message:
    return Message("5fea7756-0ea4-451a-a703-a558b933e274", body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "not JSON"),
        ("rubbish", "not JSON"),
        ('{"a": NaN}', "NaN is not a JSON value"),
        ("[1, 2]", "JSON number"),
        ('"text"', "JSON string"),
        ("12", "JSON number"),
        ("true", "JSON boolean"),
        ("null", "JSON null"),
        ('{"a": "\\u0000"}', "NUL"),
        ('{"\\ud800": 1}', "surrogate"),
        ('{"a": 1e999}', "double"),
        ('{"a": 36893488147419103232}', "64 bits"),
        ('{"a":' * 200 + "1" + "}" * 200, "nested"),
        ("[" * 100_000, "nested"),
        ('{"Records": [{"s3": {}, "eventName": "ObjectCreated:Put"}]}', "S3's notification"),
        (
            '{"Records": [{"s3": {"bucket": {"name": "b"}, "object": {"key": "%00"}}, "eventName": "x"}]}',
            "NUL",
        ),
        ('{"Records": [{"eventSource": "aws:s3"}]}', "S3's notification, record 0: 'eventName' is missing"),
        ('{"Records": [{"s3": 1, "eventName": "x"}]}', "record 0: 's3' is not an object"),
        ('{"Records": [{"s3": {}, "eventName": "x"}, 5]}', "record 0: 's3.bucket.name' is missing"),
        ('{"Records": [5, {"eventSource": "aws:kinesis"}]}', "'Records.0.' is not an object"),
        (
            '{"Records": [{"eventSource": "aws:dynamodb"}]}',
            "record 0: 'dynamodb' is missing",
        ),
        ('{"Records": [{"EventSource": "aws:sns"}]}', "'Records.0..Sns' is missing"),
        ('{"Records": [{"eventSource": "aws:sqs"}]}', "'Records.0..messageId' is missing"),
        ('{"specversion": "1.0"}', "CloudEvents' envelope: 'source' is missing"),
        ('{"Type": "Notification", "TopicArn": "t", "Message": 1}', "'Message' is not a string"),
        ('{"id": "1", "source": "", "detail-type": "t", "detail": {}}', "'source' is empty"),
        ('{"id": "1", "source": "s", "detail-type": "t", "detail": 1}', "'detail' is not an object"),
        ('{"id": "1", "source": 2, "detail-type": "t", "detail": {}}', "'source' is not a string"),
    ],
)
def test_what_cannot_be_understood_is_one_named_error(body: str, reason: str) -> None:
    with pytest.raises(MessageParseError, match=reason):
        parse_message(message(body))


@pytest.mark.parametrize("field", ["id", "source", "detail-type", "time", "account", "region", "resources"])
def test_a_field_of_eventbridges_envelope_has_its_type(payload: Payload, field: str) -> None:
    broken = json.loads(payload("eventbridge_s3")) | {field: [7]}

    with pytest.raises(MessageParseError, match=f"EventBridge's envelope: '{field}' is not a"):
        parse_message(message(json.dumps(broken)))


def test_a_name_of_the_senders_choice_does_not_blow_up_the_reason(payload: Payload) -> None:
    frame = json.loads(payload("sns_notification")) | {"MessageAttributes": {"x" * 10_000: 7}}

    with pytest.raises(MessageParseError, match="MessageAttributes") as caught:
        parse_message(message(json.dumps(frame)))

    assert len(str(caught.value)) < 200


def test_envelopes_without_end_are_refused() -> None:
    body = "{}"
    for _ in range(5):
        body = json.dumps({"Type": "Notification", "TopicArn": "t", "Message": body})

    with pytest.raises(MessageParseError, match="in one another"):
        parse_message(message(body))
