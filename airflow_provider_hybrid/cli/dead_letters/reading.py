"""Reading dead letters, with the progress on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.sqs.dead_letters.choice import Choice
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding
from airflow_provider_hybrid.sqs.dead_letters.letter import DeadLetter


def read_letters(holding: Holding, choice: Choice, config: DispatcherConfig) -> list[DeadLetter]:
    """Read the dead-letter queue, show the progress on a terminal, and return the chosen dead letters.

    Args:
        holding: The dead-letter queue.
        choice: The choice.
        config: The dispatcher's configuration, whose routes may be chosen.

    Raises:
        QueueError: If the choice names a route or an error type that nobody knows.
    """
    seen: list[DeadLetter] = []
    with Console(stderr=True).status("Reading the dead-letter queue") as status:

        def letters() -> Iterator[DeadLetter]:
            for received in holding.read():
                new = list(map(DeadLetter, received))
                seen.extend(new)
                status.update(f"Reading the dead-letter queue: {len(seen)}")
                yield from new

        found = choice.among(letters())
    if not found and (faults := choice.unknown((route.name for route in config.routes), seen)):
        raise QueueError("; ".join(faults))
    return found
