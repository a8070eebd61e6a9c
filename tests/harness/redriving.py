"""A queue from which SQS moves what it has handed out too often."""

from __future__ import annotations

import json
from typing import Any


def redrive(sqs: Any, queue_url: str, dead_letter_queue_url: str, max_receive_count: int) -> None:
    """Give a queue a redrive policy."""
    answer = sqs.get_queue_attributes(QueueUrl=dead_letter_queue_url, AttributeNames=["QueueArn"])
    policy = {
        "deadLetterTargetArn": answer["Attributes"]["QueueArn"],
        "maxReceiveCount": max_receive_count,
    }
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": json.dumps(policy)})
