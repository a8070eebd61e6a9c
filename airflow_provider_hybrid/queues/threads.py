"""A boto3 client that can be awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any


class InThreads:
    """Runs each call of a boto3 client in a thread, so that several can be under way.

    A task that deletes messages needs boto3 anyway; to import aiobotocore too would take as long again.

    Args:
        client: The boto3 client. Clients may be used by several threads at once
            (https://boto3.amazonaws.com/v1/documentation/api/latest/guide/clients.html).
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, operation: str) -> Callable[..., Awaitable[Any]]:
        """Return an operation of the client, to be awaited."""
        return partial(asyncio.to_thread, getattr(self._client, operation))
