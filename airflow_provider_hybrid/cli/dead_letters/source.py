"""The queues that these commands work on."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from airflow_provider_hybrid.cli.aws import airflow_is_quiet, client_of
from airflow_provider_hybrid.cli.configuration import read_configuration
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.exceptions import ConfigError, QueueError
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding, hold
from airflow_provider_hybrid.sqs.redrive_policy import dead_letter_queue_of, find_redrive_policy
from airflow_provider_hybrid.sqs.url import queue_name


@dataclass(frozen=True)
class Queues:
    """A dispatcher's two queues.

    Args:
        client: A boto3 SQS client for both.
        config: The dispatcher's configuration.
        dead_letter_queue_url: The dead-letter queue.
    """

    client: Any
    config: DispatcherConfig
    dead_letter_queue_url: str

    @contextmanager
    def hold(self) -> Iterator[Holding]:
        """Hold the dead letters for as long as the block runs.

        Raises:
            QueueError: If SQS refuses, here or in the block; says what to do.
        """
        with (
            _in_plain_words(self.dead_letter_queue_url, self.config),
            _ended_by_an_exception(),
            hold(self.client, self.dead_letter_queue_url, queue_name(self.config.queue_url)) as holding,
        ):
            yield holding


def find_queues(file: Path | None, variable: str) -> Queues:
    """Find the queues of a configuration, by the connection that the dispatcher's tasks use.

    Args:
        file: The configuration; None for the Variable.
        variable: The Variable's key.

    Raises:
        ConfigError: If the configuration is missing or wrong, or leads to no dead-letter queue.
        QueueError: If SQS refuses; says what to do.
    """
    with airflow_is_quiet():
        text, origin, read_included = read_configuration(file, variable)
        config = parse_config(text, origin, read_included)
        with _in_plain_words(config.queue_url, config):
            client = client_of(config)
            policy = None if config.dead_letter_queue_url else find_redrive_policy(client, config.queue_url)
    url = dead_letter_queue_of(config.dead_letter_queue_url, policy)
    if not url:
        raise ConfigError(
            f"there is no dead-letter queue: {origin!r} names no 'dead_letter_queue_url', and the queue "
            f"{config.queue_url!r} has no redrive policy. Set the one, or give the queue the other."
        )
    return Queues(client, config, url)


@contextmanager
def _in_plain_words(queue_url: str, config: DispatcherConfig) -> Iterator[None]:
    """Explain AWS's errors, those of calls on this queue and of sending to the dispatcher's queue."""
    # Imported here: `hybrid --help` need not wait for AWS's library.
    from botocore.exceptions import ClientError

    from airflow_provider_hybrid.sqs.errors import AWS_ERRORS, explain

    try:
        yield
    except AWS_ERRORS as error:
        sending = isinstance(error, ClientError) and error.operation_name == "SendMessageBatch"
        url = config.queue_url if sending else queue_url
        raise QueueError(explain(error, config.queue.another(url))) from error


@contextmanager
def _ended_by_an_exception() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, so that the held messages are given back."""

    def leave(number: int, _frame: object) -> NoReturn:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
