"""Messages that people have as text."""

from __future__ import annotations

import json

import pytest

from airflow_provider_hybrid.events.written import read_messages


def test_what_aws_sqs_receive_message_prints_is_messages() -> None:
    received = {"MessageId": "m-1", "ReceiptHandle": "h", "Body": "{}"}

    for printed in ({"Messages": [received, received]}, [received], received):
        assert {m.message_id for m in read_messages(json.dumps(printed), "queue", 0)} == {"m-1"}


def test_lines_with_a_message_each_are_messages() -> None:
    lines = [json.dumps({"MessageId": f"m-{n}", "ReceiptHandle": "h", "Body": "{}"}) for n in range(2)]

    for text in ("\n".join(lines), "\n\n".join([*lines, ""])):
        assert [message.message_id for message in read_messages(text, "queue", 0)] == ["m-0", "m-1"]


@pytest.mark.parametrize(
    "body",
    [
        *(
            "",
            "\n",
            "{}\n{}",
            "rubbish",
            "[1]",
            '{"Messages": 1}',
            '{"Messages": [{}]}',
            "7",
            '"text"',
            "{}",
            "[" * 100_000,
        ),
        '{"MessageId": 1, "ReceiptHandle": 2, "Body": 3}',
        '{"MessageId": "1", "ReceiptHandle": "2", "Body": {}}',
        '{"MessageId": "1", "ReceiptHandle": "2", "Body": "3", "MessageAttributes": {"a": 1}}',
        '{"MessageId": "1", "ReceiptHandle": "2", "Body": "3", "Attributes": []}',
        '{"MessageId": "1", "ReceiptHandle": "2", "Body": "3", "Attributes": {"SentTimestamp": 7}}',
    ],
)
def test_anything_else_is_a_body(body: str) -> None:
    (message,) = read_messages(body, "queue", 0)

    assert message.body == body


@pytest.mark.parametrize(("said", "sent_at"), [({}, 7.0), ({"SentTimestamp": "5000"}, 5.0)])
def test_one_that_does_not_say_when_it_was_sent_was_sent_now(said: dict[str, str], sent_at: float) -> None:
    received = {"MessageId": "m-1", "ReceiptHandle": "h", "Body": "{}", "Attributes": said}

    assert [message.sent_at for message in read_messages(json.dumps(received), "queue", 7)] == [sent_at]
    assert [message.sent_at for message in read_messages("{}", "queue", 7)] == [7.0]
