"""What a message takes with it to the dead-letter queue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.wire import attributes_size
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.sqs.dead_letters.send import send_dead_letters
from airflow_provider_hybrid.sqs.dead_letters.send_back import send_back
from tests.harness.receiving import receive

REJECTION = Rejection("RouteError", "route 'a':\x00 no such field", ("a", "b"))
REASON = {
    "HybridErrorType": "RouteError",
    "HybridErrorMessage": "route 'a':? no such field",
    "HybridRoute": "a, b",
    "HybridDispatcherRun": "scheduled__1",
}


def own(number: int) -> dict[str, Any]:
    return {f"a{place}": {"DataType": "Number", "StringValue": str(place)} for place in range(number)}


def texts(message: Message) -> dict[str, str]:
    return {name: value["StringValue"] for name, value in message.message_attributes.items()}


def ours(message: Message) -> dict[str, str]:
    return {name: text for name, text in texts(message).items() if name.startswith("Hybrid")}


def test_a_dead_letter_keeps_what_it_was_and_says_why(
    sqs: Any, queue_url: str, dead_letter_queue_url: str
) -> None:
    attributes = {
        "tenant": {"DataType": "String", "StringValue": "acme"},
        "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    sqs.send_message(QueueUrl=queue_url, MessageBody="rubbish é", MessageAttributes=attributes)
    (message,) = receive(sqs, queue_url)

    assert send_dead_letters(sqs, dead_letter_queue_url, {message: REJECTION}, "scheduled__1") == {}

    (dead,) = sqs.receive_message(QueueUrl=dead_letter_queue_url, MessageAttributeNames=["All"])["Messages"]
    assert dead["Body"] == "rubbish é"
    reason = {"HybridMessageId": message.message_id, **REASON}
    assert dead["MessageAttributes"] == attributes | {
        name: {"DataType": "String", "StringValue": text} for name, text in reason.items()
    }


def test_what_is_not_known_is_left_out(sqs: Any, queue_url: str, dead_letter_queue_url: str) -> None:
    sqs.send_message(QueueUrl=queue_url, MessageBody="rubbish")
    rejections = {receive(sqs, queue_url)[0]: Rejection("Unmatched", "no route wants it")}

    send_dead_letters(sqs, dead_letter_queue_url, rejections, "")

    (dead,) = receive(sqs, dead_letter_queue_url)
    assert texts(dead).keys() == {"HybridMessageId", "HybridErrorType", "HybridErrorMessage"}


@pytest.mark.parametrize(("room", "names"), [(5, 5), (4, 4), (2, 2), (1, 1), (0, 0)])
def test_a_message_with_many_attributes_keeps_its_own_and_takes_the_most_important_of_ours(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, room: int, names: int
) -> None:
    sqs.send_message(QueueUrl=queue_url, MessageBody="rubbish", MessageAttributes=own(10 - room))

    send_dead_letters(sqs, dead_letter_queue_url, {receive(sqs, queue_url)[0]: REJECTION}, "run")

    (dead,) = receive(sqs, dead_letter_queue_url)
    assert own(10 - room).items() <= dead.message_attributes.items()
    assert set(ours(dead)) == set(["HybridMessageId", *REASON][:names])


class Bounded:
    """A queue with a `MaximumMessageSize`, and a client that may or may not ask for it."""

    def __init__(self, limit: int, *, may_ask: bool = True) -> None:
        self.limit = limit
        self.may_ask = may_ask
        self.sent: list[set[str]] = []

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        if not self.may_ask:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetQueueAttributes")
        return {"Attributes": {"MaximumMessageSize": str(self.limit)}}

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        for entry in Entries:
            attributes = entry["MessageAttributes"]
            assert len(entry["MessageBody"].encode()) + attributes_size(attributes) <= self.limit
            self.sent.append(set(attributes))
        return {}

    def delete_message_batch(self, **_: Any) -> dict[str, Any]:
        return {}


LIMITS = pytest.mark.parametrize("limit", [1024 * 1024, 256 * 1024, 1024])


@LIMITS
def test_a_message_as_large_as_the_queue_allows_still_goes(limit: int) -> None:
    """SQS counts a message's attributes, so there is no room for ours, or only for some."""
    client = Bounded(limit)
    largest = Message("m-1", "x" * limit)
    almost = replace(largest, body="é" * (limit // 2 - 15))

    send_dead_letters(client, "https://sqs/1/dead", {largest: REJECTION, almost: REJECTION}, "run")

    assert client.sent == [set(), {"HybridMessageId"}]


@LIMITS
def test_on_its_way_back_it_still_fits(limit: int) -> None:
    client = Bounded(limit)
    largest = Message(
        "m-1", "x" * limit, message_attributes={"HybridErrorType": {"StringValue": "RouteError"}}
    )
    almost = replace(largest, body="x" * (limit - 30))

    assert all(
        outcome.done for outcome in send_back(client, "https://sqs/1/d", "https://sqs/1/q", [largest, almost])
    )

    assert client.sent == [set(), {"HybridMessageId"}]


def test_without_the_right_to_ask_sqss_own_bound_counts() -> None:
    client = Bounded(1024 * 1024, may_ask=False)

    send_dead_letters(client, "https://sqs/1/dead", {Message("m-1", "x" * 1024 * 1024): REJECTION}, "run")

    assert client.sent == [set()]


def test_the_reason_of_an_earlier_time_is_replaced(
    sqs: Any, queue_url: str, dead_letter_queue_url: str
) -> None:
    """As when somebody moves a dead letter back by other means, reason and all."""
    sqs.send_message(QueueUrl=queue_url, MessageBody="rubbish", MessageAttributes=own(5))
    (message,) = receive(sqs, queue_url)
    earlier = {
        name: {"DataType": "String", "StringValue": text}
        for name, text in {"HybridMessageId": "m-0", **REASON}.items()
    }
    message = replace(message, message_attributes={**message.message_attributes, **earlier})

    send_dead_letters(sqs, dead_letter_queue_url, {message: Rejection("Unmatched", "not wanted")}, "now")

    (dead,) = receive(sqs, dead_letter_queue_url)
    assert ours(dead) == {
        "HybridMessageId": "m-0",
        "HybridErrorType": "Unmatched",
        "HybridErrorMessage": "not wanted",
        "HybridDispatcherRun": "now",
    }


def test_a_fifo_dead_letter_keeps_its_group_and_arrives_once(sqs: Any) -> None:
    fifo = {"FifoQueue": "true"}
    queue_url = sqs.create_queue(QueueName="events.fifo", Attributes=fifo)["QueueUrl"]
    dead_url = sqs.create_queue(QueueName="dead.fifo", Attributes=fifo)["QueueUrl"]
    sqs.send_message(
        QueueUrl=queue_url, MessageBody="rubbish", MessageGroupId="g-1", MessageDeduplicationId="d-1"
    )
    (message,) = receive(sqs, queue_url)

    for _ in range(2):
        assert send_dead_letters(sqs, dead_url, {message: REJECTION}, "run") == {}

    (dead,) = receive(sqs, dead_url)
    assert dead.attributes["MessageGroupId"] == "g-1"
    assert dead.identity == "d-1"
    counted = sqs.get_queue_attributes(QueueUrl=dead_url, AttributeNames=["ApproximateNumberOfMessages"])
    assert counted["Attributes"]["ApproximateNumberOfMessages"] == "0"
