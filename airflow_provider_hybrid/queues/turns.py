"""Large answers, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

LARGE_ANSWER = 256 * 1024
"""Bytes of an answer that are read in some milliseconds."""


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
