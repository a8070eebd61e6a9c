"""What waits for its time: the runs of a message that are not due yet, and how long its message is away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import ceil

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.moment import iso

LONGEST = 12 * 60 * 60 - 60
"""Seconds from its receive for which a message is away at most. What is due later waits in several steps.

SQS allows 12 hours: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
"""

SPARE_RECEIVES = 2
"""Receives that a message keeps when it waits: its launch may need them, as tasks die and DAGs break."""

GATHERING = 1.5
"""Seconds from the end of a window's wait until its messages are all there: SQS counts in whole seconds."""


def split_by_time(delivery: Delivery, now: float) -> Delivery:
    """Put off the runs of a delivery that are not due.

    A run of one event starts when it is due, and a further delivery finds it there. A run that many events
    share would have another id with other events. So it starts with the last delivery of its messages only,
    when all their runs are due.

    Args:
        delivery: A message with all its launches, not yet combined.
        now: The time, in seconds since 1970.

    Returns:
        The same delivery if all its runs are due.
    """
    pending = [launch for launch in delivery.launches if launch.due_at > now]
    if not pending:
        return delivery
    alone = [launch.due_at for launch in pending if not launch.max_events]
    returns_at = min(alone) if alone else max(launch.due_at for launch in pending)
    return replace(
        delivery,
        launches=tuple(each for each in delivery.launches if each.due_at <= now and not each.max_events),
        later=tuple(each for each in delivery.launches if each.due_at > now or each.max_events),
        waits_for="; ".join(dict.fromkeys(filter(None, (delivery.waits_for, *map(why, pending))))),
        returns_at=returns_at,
    )


def why(launch: Launch) -> str:
    """Say what a launch that is due later waits for, and until when."""
    due = f"the run of route {launch.route!r} is due at {iso(launch.due_at)}"
    if launch.is_paced:
        return f"{due}, as 'max_runs_per_minute' allows no more"
    return f"{due}, as its window ends at {iso(launch.window.ends)}" if launch.window else due


def seconds_away(message: Message, returns_at: float, now: float) -> int:
    """Return for how many seconds a message is to be invisible, so that it comes back when it is due.

    Args:
        message: As received.
        returns_at: When it is due, in seconds since 1970.
        now: The time.
    """
    held = now - (message.received_at or now)
    return max(0, min(ceil(returns_at - now), int(LONGEST - held)))


def receives_for(seconds: int) -> int:
    """Return how often a message is received that waits for so many seconds: once more for each step."""
    return 1 + ceil(seconds / LONGEST)


def gathered_at(deliveries: Iterable[Delivery], now: float) -> float | None:
    """Return when the messages of the windows that closed just now will all be there.

    Args:
        deliveries: A batch.
        now: The time, in seconds since 1970.

    Returns:
        The moment, in seconds since 1970; None if there is nothing to wait for.
    """
    closed = [
        launch.due_at
        for delivery in deliveries
        for launch in delivery.launches
        if launch.window and launch.due_at <= now < launch.due_at + GATHERING
    ]
    return max(closed) + GATHERING if closed else None
