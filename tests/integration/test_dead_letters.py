"""From the queue to the dead-letter queue, under somebody's eyes, and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.routing.router import route_message
from airflow_provider_hybrid.sqs.calls import delete_messages
from airflow_provider_hybrid.sqs.dead_letters.send import send_dead_letters
from airflow_provider_hybrid.sqs.url import queue_name
from tests.harness.ministack import MiniStack

ROUTE = {
    "name": "orders",
    "event_pattern": {"detail": {"order": [{"exists": True}]}},
    "trigger_dag_id": "orders",
    "conf": {"day": "{{ event.detail.placed.split('T')[0] }}"},
}
FIFO = {"FifoQueue": "true"}


class Dispatcher:
    """A queue with a redrive policy, its dead-letter queue, and what a dispatcher does between them."""

    def __init__(self, ministack: MiniStack, folder: Path, name: str, suffix: str = "") -> None:
        self.sqs = ministack.client("sqs")
        attributes = FIFO if suffix else {}
        self.dead_url = self.create(f"{name}-dead{suffix}", attributes)
        arn = self.sqs.get_queue_attributes(QueueUrl=self.dead_url, AttributeNames=["QueueArn"])
        policy = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": "3"}
        self.url = self.create(f"{name}{suffix}", {**attributes, "RedrivePolicy": json.dumps(policy)})
        document = json.dumps({"queue_url": self.url, "routes": [ROUTE]})
        self.config = parse_config(document)
        self.file = folder / f"{name}.json"
        self.file.write_text(document)

    def create(self, name: str, attributes: dict[str, str]) -> str:
        return str(self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])

    def send(self, body: str, number: int = 0) -> None:
        fifo = {"MessageGroupId": "acme", "MessageDeduplicationId": f"order-{number}"}
        self.sqs.send_message(
            QueueUrl=self.url, MessageBody=body, **(fifo if self.url.endswith(".fifo") else {})
        )

    def receive(self, number: int = 1, **arguments: Any) -> list[Message]:
        messages: list[Message] = []
        while len(messages) < number:
            answer = self.sqs.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=10,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
                **arguments,
            )
            messages += [Message.from_sqs(entry, queue_name(self.url)) for entry in answer["Messages"]]
        return messages

    def reject(self, message: Message) -> None:
        rejection = route_message(message, self.config.compiled_routes).rejection
        assert rejection
        assert send_dead_letters(self.sqs, self.dead_url, {message: rejection}, "scheduled__1") == {}
        assert delete_messages(self.sqs, self.url, [message]) == {}

    def hybrid(self, *words: str) -> Any:
        return CliRunner().invoke(app, ["dead-letters", *words, "--config", str(self.file)])

    def list(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.hybrid("list", "--json").stdout)["dead_letters"]
        return found


@pytest.fixture(params=["", ".fifo"], ids=["standard", "fifo"])
def dispatcher(
    request: pytest.FixtureRequest, ministack: MiniStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Dispatcher:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", ministack.airflow_connection())
    return Dispatcher(ministack, tmp_path, request.node.originalname.replace("_", "-")[:60], request.param)


def test_an_event_is_rejected_looked_at_and_sent_back_as_itself(dispatcher: Dispatcher) -> None:
    dispatcher.send('{"order": 7}')
    (before,) = dispatcher.receive()
    dispatcher.reject(before)

    (listed,) = dispatcher.list()
    assert (listed["error_type"], listed["routes"]) == ("RouteError", ["orders"])
    assert listed["dispatcher_run"] == "scheduled__1"

    shown = dispatcher.hybrid("show", listed["id"])
    assert shown.exit_code == 0
    assert '{"order": 7}' in shown.stdout
    assert "has no attribute 'placed'" in shown.stdout

    redriven = dispatcher.hybrid("redrive", "--route", "orders")
    assert "1 message(s) sent back" in redriven.stdout

    (after,) = dispatcher.receive()
    assert after.message_id != before.message_id
    assert after.body == before.body
    assert [event.id for event in parse_message(after)] == [event.id for event in parse_message(before)]
    assert dispatcher.list() == []

    # Within five minutes, in which a FIFO queue drops what it takes for a copy.
    dispatcher.reject(after)
    (again,) = dispatcher.list()
    assert again["id"] == listed["id"]
    assert dispatcher.hybrid("redrive", again["id"]).exit_code == 0
    (once_more,) = dispatcher.receive()
    assert once_more.identity == before.identity


def test_what_sqs_has_moved_comes_back_as_itself(dispatcher: Dispatcher) -> None:
    dispatcher.send('{"order": 7}')
    for _ in range(3):
        (before,) = dispatcher.receive(VisibilityTimeout=0)
    dispatcher.sqs.receive_message(QueueUrl=dispatcher.url)

    (listed,) = dispatcher.list()
    assert listed["error_type"] == "MaxReceiveCount"

    assert dispatcher.hybrid("redrive", "--error", "MaxReceiveCount").exit_code == 0
    (after,) = dispatcher.receive()
    assert [event.id for event in parse_message(after)] == [event.id for event in parse_message(before)]


def test_a_thousand_are_all_seen_and_all_sent_back(
    ministack: MiniStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", ministack.airflow_connection())
    dispatcher = Dispatcher(ministack, tmp_path, "a-thousand")
    for start in range(0, 1000, 10):
        entries = [{"Id": str(number), "MessageBody": "{}"} for number in range(start, start + 10)]
        dispatcher.sqs.send_message_batch(QueueUrl=dispatcher.dead_url, Entries=entries)

    listed = dispatcher.list()
    assert len({letter["id"] for letter in listed}) == 1000

    assert "1000 message(s) sent back" in dispatcher.hybrid("redrive", "--all", "--yes").stdout
    messages = dispatcher.receive(1000)
    assert {message.identity for message in messages} == {letter["id"] for letter in listed}
