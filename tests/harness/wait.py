"""Waiting for a condition, the one way in which the harness ever sleeps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def wait_until(condition: Callable[[], T | None], timeout: float, what: str, *, every: float = 0.2) -> T:
    """Call ``condition`` until its result is true, and return that result.

    Args:
        condition: Asked again and again; what it raises is not caught.
        timeout: Seconds after which to give up. The condition is asked at least once.
        what: What is waited for, in words that complete "waited 30 s for ...".
        every: Seconds between two questions.

    Raises:
        TimeoutError: The condition was not true in time.
    """
    deadline = time.monotonic() + timeout
    while not (result := condition()):
        if time.monotonic() >= deadline:
            raise TimeoutError(f"waited {timeout:g} s for {what}, in vain; the last answer was {result!r}")
        time.sleep(every)
    return result
