"""The calls that settle messages, against an SQS over HTTP and against one that refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.queues.sqs import delete_messages, return_messages, send_dead_letters

Counts = Callable[[str], tuple[int, int]]

REJECTION = Rejection("MessageParseError", "the body is not JSON:\x00 line 1")


def receive(sqs: Any, queue_url: str, number: int = 1) -> list[Message]:
    messages: list[Message] = []
    while len(messages) < number:
        answer = sqs.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        messages += [Message.from_sqs(received) for received in answer["Messages"]]
    return messages


def test_messages_are_deleted_in_batches(sqs: Any, queue_url: str, counts: Counts) -> None:
    for number in range(23):
        sqs.send_message(QueueUrl=queue_url, MessageBody=str(number))

    assert delete_messages(sqs, queue_url, receive(sqs, queue_url, 23)) == {}
    assert counts(queue_url) == (0, 0)


def test_a_message_that_is_not_deleted_is_named(sqs: Any, queue_url: str, counts: Counts) -> None:
    sqs.send_message(QueueUrl=queue_url, MessageBody="good")
    (good,) = receive(sqs, queue_url)
    wrong = Message("m-wrong", "", receipt_handle="no such handle")

    failures = delete_messages(sqs, queue_url, [wrong, good])

    assert list(failures) == [wrong]
    assert "ReceiptHandleIsInvalid" in failures[wrong]
    assert counts(queue_url) == (0, 0)


def test_a_returned_message_is_there_again(sqs: Any, queue_url: str, counts: Counts) -> None:
    for body in ("now", "later"):
        sqs.send_message(QueueUrl=queue_url, MessageBody=body)
    now, later = sorted(receive(sqs, queue_url, 2), key=lambda message: message.body, reverse=True)

    assert return_messages(sqs, queue_url, {now: 0, later: 900}) == {}
    assert counts(queue_url) == (1, 1)
    assert receive(sqs, queue_url)[0].body == "now"


def test_a_dead_letter_keeps_what_it_was_and_says_why(
    sqs: Any, queue_url: str, dead_letter_queue_url: str
) -> None:
    attributes = {
        "tenant": {"DataType": "String", "StringValue": "acme"},
        "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    sqs.send_message(QueueUrl=queue_url, MessageBody="rubbish é", MessageAttributes=attributes)

    assert send_dead_letters(sqs, dead_letter_queue_url, {receive(sqs, queue_url)[0]: REJECTION}) == {}

    (dead,) = sqs.receive_message(QueueUrl=dead_letter_queue_url, MessageAttributeNames=["All"])["Messages"]
    assert dead["Body"] == "rubbish é"
    assert dead["MessageAttributes"] == {
        **attributes,
        "HybridErrorType": {"DataType": "String", "StringValue": "MessageParseError"},
        "HybridErrorMessage": {"DataType": "String", "StringValue": "the body is not JSON:? line 1"},
    }


@pytest.mark.parametrize(("own", "kept"), [(8, 10), (9, 10), (10, 10)])
def test_a_message_with_many_attributes_keeps_all_of_its_own(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, own: int, kept: int
) -> None:
    attributes = {f"a{number}": {"DataType": "Number", "StringValue": str(number)} for number in range(own)}
    sqs.send_message(QueueUrl=queue_url, MessageBody="rubbish", MessageAttributes=attributes)

    send_dead_letters(sqs, dead_letter_queue_url, {receive(sqs, queue_url)[0]: REJECTION})

    (dead,) = sqs.receive_message(QueueUrl=dead_letter_queue_url, MessageAttributeNames=["All"])["Messages"]
    assert attributes.items() <= dead["MessageAttributes"].items()
    assert len(dead["MessageAttributes"]) == kept


def test_large_dead_letters_go_one_by_one() -> None:
    sizes: list[int] = []

    class Client:
        def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
            sizes.append(sum(len(entry["MessageBody"]) for entry in Entries))
            return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}

    messages = [Message(f"m-{number}", "x" * 400_000) for number in range(5)]

    send_dead_letters(Client(), "https://sqs/1/dead", dict.fromkeys(messages, REJECTION))

    assert sizes == [800_000, 800_000, 400_000]


def test_a_fifo_dead_letter_keeps_its_group(sqs: Any) -> None:
    fifo = {"FifoQueue": "true"}
    queue_url = sqs.create_queue(QueueName="events.fifo", Attributes=fifo)["QueueUrl"]
    dead_url = sqs.create_queue(QueueName="dead.fifo", Attributes=fifo)["QueueUrl"]
    sqs.send_message(
        QueueUrl=queue_url, MessageBody="rubbish", MessageGroupId="g-1", MessageDeduplicationId="d-1"
    )

    assert send_dead_letters(sqs, dead_url, {receive(sqs, queue_url)[0]: REJECTION}) == {}

    (dead,) = receive(sqs, dead_url)
    assert dead.attributes["MessageGroupId"] == "g-1"


class Flaky:
    """An SQS that fails an entry so many times before it takes it."""

    def __init__(self, failures: int, *, sender_fault: bool = False) -> None:
        self.failures = failures
        self.sender_fault = sender_fault
        self.calls = 0

    def delete_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.calls += 1
        if self.calls > self.failures:
            return {"Successful": Entries}
        return {"Failed": [{"Id": "0", "Code": "InternalError", "SenderFault": self.sender_fault}]}


def test_what_fails_by_sqss_fault_is_tried_again() -> None:
    client = Flaky(failures=2)

    assert delete_messages(client, "https://sqs/1/queue", [Message("m-1", "")]) == {}
    assert client.calls == 3


def test_what_goes_on_failing_is_told() -> None:
    message = Message("m-1", "")

    assert delete_messages(Flaky(failures=9), "https://sqs/1/queue", [message]) == {
        message: "InternalError: "
    }


def test_what_fails_by_our_fault_is_not_tried_again() -> None:
    client = Flaky(failures=9, sender_fault=True)

    assert len(delete_messages(client, "https://sqs/1/queue", [Message("m-1", "")])) == 1
    assert client.calls == 1
