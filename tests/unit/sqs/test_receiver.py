"""Receiving lets others have the event loop; what SQS does not give back is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.receiver import BatchReceiver
from airflow_provider_hybrid.sqs.shared_client import shared_client, take_turns
from airflow_provider_hybrid.triggers.event import MessagesEvent


class Client:
    """Answers four receives at once, as aiobotocore does: hooks first, then the answer is read.

    Args:
        happened: Where it notes that it read one.
        size: Bytes of an answer.
    """

    def __init__(self, happened: list[str], size: int) -> None:
        self.happened = happened
        self.size = size
        self.hooks: list[Callable[..., Any]] = []
        self.meta = self.events = self
        self.all_asked = asyncio.Event()
        self.asked = 0

    def register(self, event_name: str, hook: Callable[..., Any]) -> None:
        assert event_name == "before-parse.sqs.ReceiveMessage"
        self.hooks.append(hook)

    async def receive_message(self, **_: Any) -> dict[str, Any]:
        self.asked += 1
        if self.asked > 5:
            return {}
        if self.asked == 5:
            self.all_asked.set()
        if self.asked > 1:
            await self.all_asked.wait()
        for hook in self.hooks:
            await hook(response_dict={"body": bytes(self.size)}, event_name="before-parse")
        self.happened.append("read")
        return {"Messages": [{"MessageId": str(self.asked), "ReceiptHandle": "h", "Body": "{}"}]}


@contextlib.asynccontextmanager
async def another_trigger(happened: list[str]) -> AsyncIterator[None]:
    """Run what notes each turn that it gets."""

    async def go_round() -> None:
        while True:
            await asyncio.sleep(0)
            happened.append("other")

    other = asyncio.create_task(go_round())
    yield
    other.cancel()


@pytest.mark.parametrize(("size", "one_by_one"), [(10 * 1024 * 1024, True), (4096, False)])
def test_of_large_answers_that_arrive_together_one_is_read_at_a_time(size: int, one_by_one: bool) -> None:
    """Small ones lose no time."""
    happened: list[str] = []

    async def receive() -> list[Message]:
        client = Client(happened, size)
        take_turns(client)
        receiver = BatchReceiver(
            client,
            "https://sqs/1/q",
            wait_time_seconds=1,
            visibility_timeout=60,
            max_messages=500,
            max_bytes=2**21,
        )
        async with another_trigger(happened):
            return await receiver.receive()

    messages = asyncio.run(receive())

    assert len(messages) == happened.count("read") == 5
    drained = happened[happened.index("read") + 1 :]
    together = any(one == other == "read" for one, other in pairwise(drained))
    assert together is not one_by_one


class EndlessClient:
    """Has a message at every receive."""

    async def receive_message(self, **_: Any) -> dict[str, Any]:
        return {"Messages": [{"MessageId": "m-1", "ReceiptHandle": "h", "Body": "{}"}]}


def test_a_batch_takes_a_part_of_the_visibility_timeout_and_no_more() -> None:
    receiver = BatchReceiver(
        EndlessClient(),
        "https://sqs/1/q",
        wait_time_seconds=1,
        visibility_timeout=0,
        max_messages=500,
        max_bytes=2**21,
    )

    assert len(asyncio.run(receiver.receive())) == 1


def test_a_large_batch_is_written_beside_the_event_loop() -> None:
    happened: list[str] = []
    messages = [Message(str(number), "x" * 100_000) for number in range(50)]

    async def write() -> None:
        async with another_trigger(happened):
            await MessagesEvent.batch("https://sqs/1/q", messages)

    asyncio.run(write())

    assert len(happened) > 10


@pytest.mark.parametrize("visibility_timeout", [0, 30])
def test_a_message_that_sqs_does_not_change_is_named_with_the_reason(
    sqs: Any, queue_url: str, visibility_timeout: int
) -> None:
    """SQS answers 200, and lists it as failed: its receipt handle is no longer good, for example."""
    for number in range(12):
        sqs.send_message(QueueUrl=queue_url, MessageBody=str(number))

    async def change_visibility() -> tuple[list[Message], dict[Message, str]]:
        async with shared_client(Queue(queue_url)) as client:
            receiver = BatchReceiver(
                client,
                queue_url,
                wait_time_seconds=1,
                visibility_timeout=60,
                max_messages=20,
                max_bytes=2**21,
            )
            messages = await receiver.receive()
            stale = replace(messages[-1], receipt_handle="no-longer-good")
            return messages, await receiver.change_visibility([*messages[:-1], stale], visibility_timeout)

    messages, failures = asyncio.run(change_visibility())

    assert [message.message_id for message in failures] == [messages[-1].message_id]
    (reason,) = failures.values()
    assert reason.startswith("ReceiptHandleIsInvalid")
    assert "no-longer-good" not in reason
