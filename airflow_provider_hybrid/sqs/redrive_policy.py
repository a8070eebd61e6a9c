"""A queue's redrive policy, by which SQS itself moves messages that come back too often."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RedrivePolicy:
    """A queue's redrive policy.

    Args:
        dead_letter_queue_url: The queue to which SQS moves a message that was received too often.
        max_receive_count: How often SQS hands out a message; the next time it moves the message instead.
    """

    dead_letter_queue_url: str
    max_receive_count: int


def dead_letter_queue_of(named: str | None, policy: RedrivePolicy | None) -> str | None:
    """Return the URL of the queue for messages that can never work.

    Args:
        named: The one that the dispatcher's configuration names; it goes before the policy's.
        policy: The queue's redrive policy.

    Returns:
        The URL; None if neither names one.
    """
    return named or (policy.dead_letter_queue_url if policy else None)


def find_redrive_policy(client: Any, queue_url: str) -> RedrivePolicy | None:
    """Ask SQS for a queue's redrive policy.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue.

    Returns:
        The policy, or None if the queue has none.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses.
        botocore.exceptions.BotoCoreError: If SQS cannot be reached.
    """
    answer = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["RedrivePolicy"])
    return read_redrive_policy(queue_url, answer.get("Attributes", {}))


def read_redrive_policy(queue_url: str, attributes: Mapping[str, str]) -> RedrivePolicy | None:
    """Read the redrive policy among a queue's attributes; None if it has none.

    The policy names the dead-letter queue by its ARN. It is always in the queue's own account and region, so
    its URL differs in the name only.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html

    Args:
        queue_url: The queue.
        attributes: As GetQueueAttributes returns them.
    """
    text = attributes.get("RedrivePolicy")
    if not text:
        return None
    policy = json.loads(text)
    place = queue_url.rstrip("/").rpartition("/")[0]
    return RedrivePolicy(
        dead_letter_queue_url=f"{place}/{policy['deadLetterTargetArn'].rpartition(':')[2]}",
        # SQS returns the value as it was set, and some tools set it as text.
        max_receive_count=int(policy["maxReceiveCount"]),
    )
