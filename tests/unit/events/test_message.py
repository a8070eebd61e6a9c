"""A message on its way from SQS through Airflow's database."""

from __future__ import annotations

import json

import pytest

from airflow_provider_hybrid.events.message import Message

RECEIVED = {
    "MessageId": "m-1",
    "ReceiptHandle": "handle",
    "Body": '{"secret": "hunter2"}',
    "Attributes": {"ApproximateReceiveCount": "3"},
    "MessageAttributes": {
        "__classname__": {"DataType": "String", "StringValue": "os.system"},
        "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    },
}


def test_a_message_survives_json() -> None:
    message = Message.from_sqs(RECEIVED, "orders")

    assert Message(**json.loads(json.dumps(message.as_dict()))) == message


def test_a_message_shows_only_its_id() -> None:
    assert repr(Message.from_sqs(RECEIVED, "orders")) == "Message(message_id='m-1')"


def test_a_message_knows_how_often_it_was_received() -> None:
    assert Message.from_sqs(RECEIVED).receive_count == 3
    assert Message("m-2", "{}").receive_count == 1


KEPT = {"HybridMessageId": {"DataType": "String", "StringValue": "kept"}}
FIFO = {"MessageDeduplicationId": "order-7"}


@pytest.mark.parametrize(
    ("message", "size"),
    [
        (Message("m-1", "é"), 2),
        (Message("m-1", "", FIFO), 0),
        (Message("m-1", "{}", {}, {"tenant": {"DataType": "String", "StringValue": "é"}}), 2 + 6 + 6 + 2),
        (Message("m-1", "", {}, {"a": {"DataType": "Number", "StringValue": "7"}, **KEPT}), 8 + 25),
    ],
)
def test_a_messages_size_is_its_body_and_the_attributes_of_its_sender(message: Message, size: int) -> None:
    assert message.size == size


@pytest.mark.parametrize(
    ("message", "identity"),
    [
        (Message("m-1", ""), "m-1"),
        (Message("m-1", "", FIFO), "order-7"),
        (Message("m-1", "", FIFO, KEPT), "kept"),
        (Message("m-1", "", {}, {"HybridMessageId": {"DataType": "Binary", "BinaryValue": "AP8="}}), "m-1"),
        (Message("m-1", "", {}, {"HybridMessageId": {"DataType": "String", "StringValue": ""}}), "m-1"),
    ],
)
def test_a_message_is_known_by_what_stays_when_sqs_gives_it_a_new_id(message: Message, identity: str) -> None:
    assert message.identity == identity
