"""The rights that the dispatcher and `hybrid dead-letters` need, tried without touching a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from airflow_provider_hybrid.cli.doctor.finding import Finding

PROBES: dict[str, Callable[[Any, str], Any]] = {
    "sqs:GetQueueAttributes": lambda sqs, url: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]),
    "sqs:ReceiveMessage": lambda sqs, url: sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=11),
    "sqs:DeleteMessage": lambda sqs, url: sqs.delete_message_batch(QueueUrl=url, Entries=[]),
    "sqs:ChangeMessageVisibility": lambda sqs, url: sqs.change_message_visibility_batch(
        QueueUrl=url, Entries=[]
    ),
    "sqs:SendMessage": lambda sqs, url: sqs.send_message_batch(QueueUrl=url, Entries=[]),
}
"""A harmless call for each action: it reads attributes, asks for eleven messages, or sends an empty batch.

SQS refuses the last two as invalid, but checks the right first. A batch call needs the right to the single
call.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
"""


def check_rights(client: Any, queue_url: str, name: str, connection: str) -> Iterator[Finding]:
    """Try each action on a queue that exists.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue.
        name: Its name in the findings.
        connection: The words for the credentials.

    Raises:
        botocore.exceptions.BotoCoreError: If SQS cannot be reached.
    """
    from botocore.exceptions import ClientError

    from airflow_provider_hybrid.sqs.errors import is_denied

    allowed: list[str] = []
    for action, probe in PROBES.items():
        try:
            probe(client, queue_url)
        except ClientError as error:
            if is_denied(error):
                mend = f"Allow {connection} {action} on {queue_url}"
                yield Finding(f"{action} on the {name}", "fault", "is not allowed", mend)
                continue
        allowed.append(action)
    if allowed:
        yield Finding(f"rights on the {name}", "fine", f"allowed are {', '.join(allowed)}")
