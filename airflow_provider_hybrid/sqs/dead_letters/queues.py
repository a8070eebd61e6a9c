"""A dispatcher's two queues: the one that it listens to, and the one for its dead letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.exceptions import ConfigError, QueueError
from airflow_provider_hybrid.sqs.dead_letters.choice import Choice
from airflow_provider_hybrid.sqs.dead_letters.discard import discard
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding, hold
from airflow_provider_hybrid.sqs.dead_letters.letter import DeadLetter
from airflow_provider_hybrid.sqs.dead_letters.outcome import Outcome
from airflow_provider_hybrid.sqs.dead_letters.send_back import send_back
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.redrive_policy import dead_letter_queue_of, find_redrive_policy
from airflow_provider_hybrid.sqs.url import is_fifo, queue_name


@dataclass(frozen=True)
class Queues:
    """A dispatcher's two queues.

    Args:
        client: A boto3 SQS client for both.
        queue: The queue that the dispatcher listens to.
        dead_letter_queue_url: The dead-letter queue.
    """

    client: Any
    queue: Queue
    dead_letter_queue_url: str

    @classmethod
    def find(cls, client: Any, queue: Queue, named: str | None, origin: str) -> Queues:
        """Find the dead-letter queue: the one that the configuration names, else the redrive policy's.

        Args:
            client: A boto3 SQS client.
            queue: The queue that the dispatcher listens to.
            named: The ``dead_letter_queue_url`` of the configuration, if it has one.
            origin: Where the configuration is, for the error.

        Raises:
            ConfigError: If there is no dead-letter queue.
            QueueError: If SQS refuses; says what to do.
        """
        with in_plain_words(queue):
            policy = None if named else find_redrive_policy(client, queue.url)
        url = dead_letter_queue_of(named, policy)
        if not url:
            raise ConfigError(
                f"there is no dead-letter queue: {origin!r} names no 'dead_letter_queue_url', and the queue "
                f"{queue.url!r} has no redrive policy. Set the one, or give the queue the other."
            )
        return cls(client, queue, url)

    @contextmanager
    def hold(self) -> Iterator[Holding]:
        """Hold the dead letters for as long as the block runs.

        Raises:
            QueueError: If SQS refuses, here or in the block; says what to do.
        """
        with (
            in_plain_words(self.queue, self.dead_letter_queue_url),
            hold(self.client, self.dead_letter_queue_url, queue_name(self.queue.url)) as holding,
        ):
            yield holding

    def redrive(self, holding: Holding, choice: Choice, letters: Sequence[DeadLetter]) -> Iterator[Outcome]:
        """Send dead letters back to the queue; in a FIFO queue also the chosen ones that wait behind them.

        Args:
            holding: The held dead letters.
            choice: The choice to which those that wait behind must belong.
            letters: The dead letters to begin with.

        Yields:
            The outcome for each message, as it becomes known.
        """
        for wave in self._waves(holding, choice, letters):
            messages = [letter.message for letter in wave]
            yield from _noted(
                holding, send_back(self.client, self.dead_letter_queue_url, self.queue.url, messages)
            )

    def discard(self, holding: Holding, letters: Sequence[DeadLetter]) -> Iterator[Outcome]:
        """Delete dead letters for ever: exactly these, and none that waits behind them.

        Args:
            holding: The held dead letters.
            letters: The dead letters.

        Yields:
            The outcome for each message, as it becomes known.
        """
        messages = [letter.message for letter in letters]
        yield from _noted(holding, discard(self.client, self.dead_letter_queue_url, messages))

    def _waves(
        self, holding: Holding, choice: Choice, letters: Sequence[DeadLetter]
    ) -> Iterator[Sequence[DeadLetter]]:
        yield letters
        if not is_fifo(self.dead_letter_queue_url):
            return
        tried = {letter.id for letter in letters}
        for received in holding.read():
            # A letter that was just sent back may be a dead letter again; it is not sent a second time.
            new = [letter for letter in choice.among(map(DeadLetter, received)) if letter.id not in tried]
            tried |= {letter.id for letter in new}
            yield new


def _noted(holding: Holding, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Let go of each message that has left the dead-letter queue."""
    for outcome in outcomes:
        if outcome.done and not outcome.fault:
            holding.forget(outcome.message)
        yield outcome


@contextmanager
def in_plain_words(queue: Queue, called_url: str | None = None) -> Iterator[None]:
    """Explain AWS's errors.

    Args:
        queue: The queue to which messages are sent back.
        called_url: The queue that all other calls are for; None for the same one.

    Raises:
        QueueError: If a call in the block fails; says what to do.
    """
    # Imported here: `hybrid --help` need not wait for AWS's library.
    from botocore.exceptions import ClientError

    from airflow_provider_hybrid.sqs.errors import AWS_ERRORS, explain

    try:
        yield
    except AWS_ERRORS as error:
        sending = isinstance(error, ClientError) and error.operation_name == "SendMessageBatch"
        url = queue.url if sending or called_url is None else called_url
        raise QueueError(explain(error, queue.another(url))) from error
