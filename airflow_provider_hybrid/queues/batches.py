"""SQS's batches: ten entries at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

BATCH = 10
"""Entries in a batch call and messages in a receive, at most.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""


def is_burst(received: Sequence[object]) -> bool:
    """Say whether more came at once than one receive brings: then the sender may not be through yet."""
    return len(received) > BATCH


def in_batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Split into runs of at most ten."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
