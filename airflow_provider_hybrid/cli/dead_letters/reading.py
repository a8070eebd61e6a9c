"""Reading dead letters where somebody waits for it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from airflow_provider_hybrid.queues.choice import Choice
from airflow_provider_hybrid.queues.dead_letter import DeadLetter
from airflow_provider_hybrid.queues.holding import Holding


def read_letters(holding: Holding, choice: Choice) -> list[DeadLetter]:
    """Go through the dead-letter queue, showing on a terminal how far, and return those that are meant."""
    with Console(stderr=True).status("Reading the dead-letter queue") as status:

        def letters() -> Iterator[DeadLetter]:
            count = 0
            for received in holding.read():
                count += len(received)
                status.update(f"Reading the dead-letter queue: {count}")
                yield from map(DeadLetter, received)

        return choice.among(letters())
