"""How many messages a queue holds; SQS counts approximately.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

_NUMBER = "ApproximateNumberOfMessages"


class Counts(NamedTuple):
    """The messages of a queue.

    Args:
        waiting: Those that can be received.
        in_flight: Those that were received, and are not settled yet or come back later.
        delayed: Those that were sent with a delay.
    """

    waiting: int
    in_flight: int
    delayed: int


ATTRIBUTES = [_NUMBER, f"{_NUMBER}NotVisible", f"{_NUMBER}Delayed"]
"""The attributes of a queue that count its messages, in the order of `Counts`."""


def counts_in(attributes: Mapping[str, str]) -> Counts:
    """Read the counts among a queue's attributes.

    Args:
        attributes: As GetQueueAttributes returns them.
    """
    return Counts(*(int(attributes[name]) for name in ATTRIBUTES))
