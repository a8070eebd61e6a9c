"""Who listens in the same process with the same connection shares a client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from functools import wraps
from typing import Any

import pytest

from airflow_provider_hybrid.sqs import shared_client as shared
from airflow_provider_hybrid.sqs.listener import Listener
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.shared_client import shared_client
from tests.unit.conftest import connection


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test in an event loop of its own."""

    @wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(test(**fixtures))

    return run


def listener(queue_url: str) -> Listener:
    return Listener(
        Queue(queue_url),
        None,
        wait_time_seconds=20,
        visibility_timeout=30,
        max_messages=10,
        max_bytes=2**20,
    )


@in_a_loop
async def test_of_those_who_come_at_once_the_first_opens_it_for_all(queue_url: str) -> None:
    async with AsyncExitStack() as stack:
        lent = [shared_client(Queue(f"{queue_url}-{number}")) for number in range(20)]
        clients = await asyncio.gather(*map(stack.enter_async_context, lent))

        assert len(set(map(id, clients))) == 1
        assert (await clients[0].list_queues())["QueueUrls"] == [queue_url]


@in_a_loop
async def test_the_last_one_closes_it(queue_url: str) -> None:
    async with shared_client(Queue(queue_url)) as first:
        async with shared_client(Queue(queue_url)) as second:
            assert second is first
        assert (await first.list_queues())["QueueUrls"] == [queue_url]

    async with shared_client(Queue(queue_url)) as later:
        assert later is not first


@pytest.mark.parametrize("another", [("aws_other", None), ("aws_default", "us-west-2")])
@in_a_loop
async def test_another_connection_or_region_is_another_client(
    queue_url: str, endpoint: str, monkeypatch: pytest.MonkeyPatch, another: tuple[str, str | None]
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_OTHER", connection(endpoint))
    async with (
        shared_client(Queue(queue_url)) as one,
        shared_client(Queue(queue_url, *another)) as two,
    ):
        assert two is not one


@in_a_loop
async def test_after_an_error_the_next_one_reads_the_connection_anew(queue_url: str) -> None:
    async with shared_client(Queue(queue_url)) as one:
        with pytest.raises(ConnectionError):
            async with shared_client(Queue(queue_url)):
                raise ConnectionError
        async with shared_client(Queue(queue_url)) as next_one:
            assert next_one is not one
        assert (await one.list_queues())["QueueUrls"] == [queue_url]


@in_a_loop
async def test_who_comes_late_reads_the_connection_anew(
    queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_client(Queue(queue_url)) as one:
        monkeypatch.setattr(shared, "FRESH", 0.0)
        async with shared_client(Queue(queue_url)) as late:
            assert late is not one


@in_a_loop
async def test_those_who_wait_for_messages_leave_room_for_the_others(sqs: Any) -> None:
    queues = [sqs.create_queue(QueueName=f"shared-{number}")["QueueUrl"] for number in range(30)]
    async with AsyncExitStack() as stack:
        listeners = [await stack.enter_async_context(listener(queue_url)) for queue_url in queues]
        *others, last = [asyncio.create_task(one.next_batch()) for one in listeners]
        await asyncio.sleep(0)
        await asyncio.to_thread(sqs.send_message, QueueUrl=queues[-1], MessageBody="{}")

        assert len(await asyncio.wait_for(last, timeout=15)) == 1
        assert not any(other.done() for other in others)
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)
