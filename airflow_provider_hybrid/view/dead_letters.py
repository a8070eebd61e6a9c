"""A dispatcher's dead letters, and what would become of each if it were sent back now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal

from airflow_provider_hybrid.routing.explain import Explanation
from airflow_provider_hybrid.sqs.dead_letters.choice import Choice
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding
from airflow_provider_hybrid.sqs.dead_letters.letter import DeadLetter
from airflow_provider_hybrid.sqs.dead_letters.outcome import Outcome
from airflow_provider_hybrid.sqs.dead_letters.queues import Queues, in_plain_words
from airflow_provider_hybrid.view.client import client_of
from airflow_provider_hybrid.view.status import configuration_in

MOST_READ = 1_000
"""The most dead letters that a view looks through: somebody waits for it. `hybrid dead-letters` reads all."""

Fate = Literal["starts", "deleted", "returns", "stays"]

MEANINGS: dict[Fate, str] = {
    "starts": "starts its runs",
    "deleted": "is deleted without a run",
    "returns": "becomes a dead letter again",
    "stays": "stays in the queue",
}
"""What would become of a dead letter."""


@dataclass(frozen=True)
class Planned:
    """A dead letter, and what would become of it now.

    Args:
        letter: The dead letter.
        explanation: What a dispatcher with today's routes would do with it.
    """

    letter: DeadLetter
    explanation: Explanation

    @property
    def fate(self) -> Fate:
        """What would become of it, in a word."""
        delivery = self.explanation.delivery
        if delivery.rejection:
            return "stays" if delivery.leave else "returns"
        if delivery.launches:
            return "starts"
        return "stays" if delivery.waits_for else "deleted"


@dataclass(frozen=True)
class Reading:
    """The dead letters that were found.

    Args:
        planned: The chosen ones, the oldest first.
        visible: About how many dead letters there are, chosen or not.
        in_flight: About how many more somebody else holds; they come back by themselves.
        is_whole: Whether these are all that were chosen.
    """

    planned: Sequence[Planned]
    visible: int
    in_flight: int
    is_whole: bool


class DeadLetters:
    """A dispatcher's dead letters.

    Args:
        variable: The dispatcher's Variable.

    Raises:
        ConfigError: If the configuration is missing or wrong, or leads to no dead-letter queue.
        QueueError: If SQS refuses; says what to do. So do the methods.
    """

    def __init__(self, variable: str) -> None:
        self._config = config = configuration_in(variable)
        with in_plain_words(config.queue):
            client = client_of(config.queue)
        self._queues = Queues.find(client, config.queue, config.dead_letter_queue_url, variable)

    @property
    def names_subjects(self) -> bool:
        """Whether everybody who may read the dispatcher may see what its events are about."""
        return self._config.run_ids != "opaque"

    def read(self, choice: Choice, most: int) -> Reading:
        """Look through the queue, and leave it as it was.

        Args:
            choice: Which dead letters to return.
            most: The most to return.
        """
        with self._queues.hold() as holding:
            letters = _chosen(holding, choice, most)
            planned = [self._plan(letter) for letter in sorted(letters, key=lambda letter: letter.sent or "")]
            is_whole = holding.seen >= holding.visible and len(letters) < most
        return Reading(planned, holding.visible, holding.in_flight, is_whole)

    def redrive(self, choice: Choice, most: int) -> list[Outcome]:
        """Send dead letters back to the queue. May be repeated at any time: an event starts its run once.

        Args:
            choice: Which dead letters to send back.
            most: The most to begin with. In a FIFO queue those that wait behind them go, too.

        Returns:
            The outcome for each message. Empty if none of the chosen ones is there.
        """
        with self._queues.hold() as holding:
            return list(self._queues.redrive(holding, choice, _chosen(holding, choice, most)))

    def _plan(self, letter: DeadLetter) -> Planned:
        return Planned(letter, self._config.explain(letter.message))


def _chosen(holding: Holding, choice: Choice, most: int) -> list[DeadLetter]:
    received = chain.from_iterable(holding.read())
    letters = map(DeadLetter, islice(received, min(holding.visible, MOST_READ)))
    return list(islice(filter(choice.means, letters), most))
