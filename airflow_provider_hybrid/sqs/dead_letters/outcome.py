"""What was done with a dead letter."""

from __future__ import annotations

from dataclasses import dataclass

from airflow_provider_hybrid.events.message import Message


@dataclass(frozen=True)
class Outcome:
    """The outcome for one message.

    Args:
        message: As received from the dead-letter queue.
        done: Whether it was sent back, or deleted if it was to be discarded.
        fault: Why it is still in the dead-letter queue; empty if it has left that queue.
    """

    message: Message
    done: bool
    fault: str = ""
