"""How full a dispatcher's queues are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.sqs.redrive_policy import read_redrive_policy

_NUMBER = "ApproximateNumberOfMessages"


@dataclass(frozen=True)
class Depth:
    """How many messages are in a dispatcher's queues; SQS counts approximately.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html

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
    dead_url = config.dead_letter_queue_url or (policy.dead_letter_queue_url if policy else None)
    return Depth(
        waiting=int(attributes[_NUMBER]),
        in_flight=int(attributes[f"{_NUMBER}NotVisible"]),
        delayed=int(attributes[f"{_NUMBER}Delayed"]),
        dead_letters=int(_attributes(client, dead_url)[_NUMBER]) if dead_url else None,
    )


def _attributes(client: Any, queue_url: str) -> dict[str, str]:
    attributes: dict[str, str] = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])[
        "Attributes"
    ]
    return attributes
