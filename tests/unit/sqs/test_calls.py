"""The calls that settle messages, against an SQS over HTTP and against one that refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs.calls import delete_messages, return_messages, send_messages
from tests.harness.receiving import receive

Counts = Callable[[str], tuple[int, int]]


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


def test_large_messages_go_one_by_one() -> None:
    sizes: list[int] = []

    class Client:
        def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
            sizes.append(sum(len(entry["MessageBody"]) for entry in Entries))
            return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}

    entries = {
        Message(f"m-{number}", ""): {"MessageBody": "x" * 400_000, "MessageAttributes": {}}
        for number in range(5)
    }

    assert send_messages(Client(), "https://sqs/1/dead", entries) == {}
    assert sizes == [800_000, 800_000, 400_000]


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
