"""One client for all that listen in a process with the same connection.

A client holds some thousand objects and reads the machine's certificates. With one for each of a hundred
dispatchers Python's garbage collector alone stops the triggerer's event loop for longer than Airflow likes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, ClassVar
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async

from airflow_provider_hybrid.sqs.client import open_client
from airflow_provider_hybrid.sqs.queue import Queue

FRESH = 600.0
"""Seconds in which a client is shared with newcomers; who comes later reads Airflow's connection anew."""

READ_TIMEOUT = 30
"""Seconds until an answer counts as lost; a long poll takes up to 20."""

CONNECTIONS = 4000
"""The most connections of a client: for a thousand triggers, Airflow's default, and four receives of each."""

LARGE_ANSWER = 256 * 1024
"""Bytes of an answer that are read in some milliseconds."""

_Key = tuple[asyncio.AbstractEventLoop, str | None, str | None, str]


@asynccontextmanager
async def shared_client(queue: Queue) -> AsyncIterator[Any]:
    """Lend an aiobotocore SQS client for the time of the block; the last one closes it.

    After an error in a block it is lent to nobody else: the next one gets a client that reads Airflow's
    connection anew.

    Args:
        queue: The queue that it is for; it serves every queue of that host.
    """
    host = urlsplit(queue.url).netloc
    key = (asyncio.get_running_loop(), queue.aws_conn_id, queue.region_name, host)
    shared = _shared.get(key)
    if not shared or shared.is_old:
        shared = _shared[key] = _SharedClient(queue)
    shared.users += 1
    try:
        yield await shared.client()
    except Exception:
        _forget(key, shared)
        raise
    finally:
        shared.users -= 1
        if not shared.users:
            _forget(key, shared)
            await shared.close()


class _SharedClient:
    """A client, how many use it, and since when there is one."""

    _files_are_read: ClassVar[bool] = False

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._since = time.monotonic()
        self._opening = asyncio.Lock()
        self._closing = AsyncExitStack()
        self._client: Any = None
        self.users = 0

    @property
    def is_old(self) -> bool:
        """Whether Airflow's connection may have changed since."""
        return time.monotonic() - self._since > FRESH

    async def client(self) -> Any:
        """Return it, opened by the first who asks."""
        async with self._opening:
            if not self._client:
                client = await self._closing.enter_async_context(await sync_to_async(self._prepare)())
                take_turns(client)
                self._client = client
            return self._client

    async def close(self) -> None:
        """Close its connections."""
        await self._closing.aclose()

    def _prepare(self) -> Any:
        """Prepare a client, in a thread.

        Opening the first one of a process reads large files, so one is opened here and thrown away; botocore
        keeps what it has read.
        """
        if not _SharedClient._files_are_read:
            asyncio.run(_open_and_close(self._closed_client()))
            _SharedClient._files_are_read = True
        return self._closed_client()

    def _closed_client(self) -> Any:
        return open_client(
            self._queue,
            asynchronous=True,
            read_timeout=READ_TIMEOUT,
            max_pool_connections=CONNECTIONS,
            # The patience is the listener's: botocore's own would not be seen, and not be interrupted.
            retries={"total_max_attempts": 2, "mode": "standard"},
        )


_shared: dict[_Key, _SharedClient] = {}


def _forget(key: _Key, shared: _SharedClient) -> None:
    if _shared.get(key) is shared:
        del _shared[key]


async def _open_and_close(client: Any) -> None:
    async with client:
        pass


def take_turns(client: Any) -> None:
    """Let others have the event loop before a client reads a large answer.

    One answer may hold ten mebibytes, and several may arrive at once; reading them in one go would stall
    every other trigger.

    Args:
        client: An aiobotocore SQS client.
    """
    reading = asyncio.Lock()

    async def wait_for_turn(response_dict: Mapping[str, Any], **_: Any) -> None:
        if len(response_dict["body"]) < LARGE_ANSWER:
            return
        async with reading:
            await asyncio.sleep(0.001)

    client.meta.events.register("before-parse.sqs.ReceiveMessage", wait_for_turn)
