"""How large a message may be."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

MAX_BYTES = 1024 * 1024
"""Of a message with its attributes, where its queue sets no other bound, and of all those in a batch.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""


def max_message_bytes(client: Any, queue_url: str) -> int:
    """Return how many bytes a message may have in a queue, its attributes included.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue.

    Returns:
        The queue's ``MaximumMessageSize``; SQS's own bound if it does not tell, as to one without the right
        ``sqs:GetQueueAttributes``.

    Raises:
        botocore.exceptions.BotoCoreError: If SQS cannot be reached.
    """
    try:
        answer = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["MaximumMessageSize"])
    except ClientError:
        return MAX_BYTES
    return int(answer.get("Attributes", {}).get("MaximumMessageSize", MAX_BYTES))
