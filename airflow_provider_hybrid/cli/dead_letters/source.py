"""The queues that these commands work on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from airflow_provider_hybrid.cli.aws import airflow_is_quiet, client_of
from airflow_provider_hybrid.cli.configuration import read_configuration
from airflow_provider_hybrid.cli.leaving import ended_by_an_exception
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding
from airflow_provider_hybrid.sqs.dead_letters.queues import Queues, in_plain_words


@dataclass(frozen=True)
class Source:
    """A dispatcher's configuration, and its two queues."""

    config: DispatcherConfig
    queues: Queues

    @contextmanager
    def hold(self) -> Iterator[Holding]:
        """Hold the dead letters for as long as the block runs, and release them however it ends.

        Raises:
            QueueError: If SQS refuses, here or in the block; says what to do.
        """
        with ended_by_an_exception(), self.queues.hold() as holding:
            yield holding


def find_source(file: Path | None, variable: str) -> Source:
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
        with in_plain_words(config.queue):
            client = client_of(config)
        return Source(config, Queues.find(client, config.queue, config.dead_letter_queue_url, origin))
