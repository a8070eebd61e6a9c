"""How long an event loop is kept from going round."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def longest_block(work: Awaitable[T]) -> tuple[T, float]:
    """Do some work, and measure the longest time for which nothing else could run beside it.

    A task goes round with the loop and asks how much CPU time the process has used since its last turn: the
    work of the loop, and of threads that would not let go of the interpreter. Unlike the time on the wall
    that does not grow when others load the machine, and unlike the CPU time of the loop's own thread it
    misses nothing that stalls it.

    Args:
        work: What to wait for.

    Returns:
        Its result, and seconds of CPU time.
    """
    longest = 0.0

    async def go_round() -> None:
        nonlocal longest
        before = time.process_time()
        while True:
            await asyncio.sleep(0.001)
            now = time.process_time()
            longest, before = max(longest, now - before), now

    watchdog = asyncio.create_task(go_round())
    await asyncio.sleep(0)
    try:
        result = await work
        await asyncio.sleep(0.01)
    finally:
        watchdog.cancel()
    return result, longest
