"""Patience with a queue, seen from the queue: a proxy between them does what SQS may do."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.sqs.listener import Listener
from airflow_provider_hybrid.sqs.queue import Queue
from tests.harness.proxy import Answer, DroppedError, Proxy, Request

RECEIVE = "ReceiveMessage"
Counts = Callable[[str], tuple[int, int]]


def listener(queue_url: str, max_idle_seconds: float | None = None, **changes: Any) -> Listener:
    arguments = {
        "wait_time_seconds": 1,
        "visibility_timeout": 30,
        "max_messages": 10,
        "max_bytes": 2**20,
        "first_pause": 0.02,
        **changes,
    }
    return Listener(Queue(queue_url), max_idle_seconds, **arguments)


async def bodies(listening: Listener) -> list[str]:
    async with listening:
        return [message.body for message in await asyncio.wait_for(listening.next_batch(), 20)]


def test_messages_are_returned_as_one_batch(sqs: Any, queue_url: str) -> None:
    for body in "abc":
        sqs.send_message(QueueUrl=queue_url, MessageBody=body)

    assert set(asyncio.run(bodies(listener(queue_url)))) == {"a", "b", "c"}


def test_without_a_message_it_gives_up_after_so_long(queue_url: str) -> None:
    began = time.monotonic()

    assert asyncio.run(bodies(listener(queue_url, max_idle_seconds=1.5))) == []
    assert 1.5 <= time.monotonic() - began < 10


def test_a_look_waits_for_nothing(queue_url: str, proxy: Proxy) -> None:
    async def look() -> list[Any]:
        async with listener(queue_url, wait_time_seconds=20) as listening:
            return await asyncio.wait_for(listening.look(), 10)

    assert asyncio.run(look()) == []
    assert proxy.requests[RECEIVE] == 1


def refusal(code: str, status: int) -> Answer:
    return Answer.of_json({"__type": f"com.amazonaws.sqs#{code}", "message": "made by a test"}, status)


def drop(_request: Request, _forward: Callable[[Request], Answer]) -> Answer:
    raise DroppedError


@pytest.mark.parametrize(
    "trouble",
    [
        drop,
        lambda *_: Answer.of_json({"__type": "com.amazonaws.sqs#RequestThrottled", "message": "later"}, 400),
        lambda *_: Answer.of_json(
            {"__type": "com.amazonaws.sqs#ServiceUnavailable", "message": "later"}, 503
        ),
    ],
    ids=["lost connections", "throttling", "an SQS that is away"],
)
def test_what_passes_is_waited_out_and_told_once(
    sqs: Any, queue_url: str, proxy: Proxy, caplog: pytest.LogCaptureFixture, trouble: Any
) -> None:
    sqs.send_message(QueueUrl=queue_url, MessageBody="late")

    def at_first(request: Request, forward: Callable[[Request], Answer]) -> Answer:
        return trouble(request, forward) if proxy.struck[RECEIVE] <= 7 else forward(request)

    with caplog.at_level(logging.INFO), proxy.fault(RECEIVE, at_first):
        assert asyncio.run(bodies(listener(queue_url))) == ["late"]

    told = [record.getMessage().partition(";")[0] for record in caplog.records if "SQS" in record.message]
    assert told == ["SQS does not answer", f"SQS answers again on {queue_url}"]


def test_the_pauses_grow(queue_url: str, proxy: Proxy) -> None:
    """Each is between a half and all of the longest; each longest is twice the one before."""
    came: list[float] = []

    def take_note(*_: Any) -> Answer:
        came.append(time.monotonic())
        return refusal("RequestThrottled", 400)

    async def wait_in_vain() -> None:
        listening = asyncio.create_task(bodies(listener(queue_url, first_pause=0.1)))
        while len(came) < 10:
            await asyncio.wait([listening], timeout=0.02)
        listening.cancel()
        await asyncio.wait([listening])

    with proxy.fault(RECEIVE, take_note):
        asyncio.run(wait_in_vain())

    # botocore asks twice before it gives up, so a pause begins after each second request.
    pauses = [after - before for before, after in zip(came[1::2], came[2::2], strict=False)]
    assert [pause >= least for pause, least in zip(pauses, (0.05, 0.1, 0.2, 0.4), strict=True)] == [True] * 4


def test_what_somebody_must_mend_is_an_error(queue_url: str) -> None:
    with pytest.raises(QueueError, match="There is no queue"):
        asyncio.run(bodies(listener(f"{queue_url}-not")))


def test_cancelled_it_gives_back_what_it_holds(
    sqs: Any, queue_url: str, counts: Counts, proxy: Proxy
) -> None:
    for body in "abc":
        sqs.send_message(QueueUrl=queue_url, MessageBody=body)

    async def cancel_in_the_middle() -> None:
        listening = asyncio.create_task(bodies(listener(queue_url, max_messages=30)))
        with proxy.hold(RECEIVE) as first:
            await asyncio.to_thread(first.wait, 10)
            with proxy.hold(RECEIVE) as later:
                first.let_through()
                await asyncio.to_thread(later.wait, 10)
                assert await asyncio.to_thread(counts, queue_url) == (0, 3)
                listening.cancel()
        await asyncio.wait([listening])

    asyncio.run(cancel_in_the_middle())

    assert counts(queue_url) == (3, 0)
