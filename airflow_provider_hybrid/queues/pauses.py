"""How long a message stays away that could not be settled."""

from __future__ import annotations

from airflow_provider_hybrid.events.message import Message

SHORTEST_PAUSE = 60
"""Seconds until a message comes back the first time; doubled with each time that it was received."""

LONGEST_PAUSE = 15 * 60
"""Seconds until it comes back at most."""


def pause_before_return(message: Message) -> int:
    """Return after how many seconds a message that could not be settled comes back.

    It grows, so that trouble costs little while it lasts, and is bounded, so that a DAG that is deployed
    later still gets its events soon.
    """
    doublings = min(message.receive_count - 1, 10)
    return int(min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**doublings))
