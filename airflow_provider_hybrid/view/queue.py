"""How full a dispatcher's queues are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.sqs.counts import counts_in
from airflow_provider_hybrid.sqs.redrive_policy import dead_letter_queue_of, read_redrive_policy


@dataclass(frozen=True)
class Depth:
    """How many messages are in a dispatcher's queues.

    Args:
        waiting: Messages that can be received.
        in_flight: Messages that were received, and are not settled yet or come back later.
        delayed: Messages that were sent with a delay.
        dead_letters: Messages in the dead-letter queue; None if there is none.
    """

    waiting: int
    in_flight: int
    delayed: int
    dead_letters: int | None


def depth_of(client: Any, config: DispatcherConfig) -> Depth:
    """Ask SQS.

    Args:
        client: A boto3 SQS client.
        config: The dispatcher's configuration.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses.
        botocore.exceptions.BotoCoreError: If SQS cannot be reached.
    """
    attributes = _attributes(client, config.queue_url)
    policy = read_redrive_policy(config.queue_url, attributes)
    dead_url = dead_letter_queue_of(config.dead_letter_queue_url, policy)
    dead_letters = counts_in(_attributes(client, dead_url)).waiting if dead_url else None
    return Depth(*counts_in(attributes), dead_letters)


def _attributes(client: Any, queue_url: str) -> dict[str, str]:
    attributes: dict[str, str] = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])[
        "Attributes"
    ]
    return attributes
