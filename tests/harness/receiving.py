"""Receiving what a test expects."""

from __future__ import annotations

from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs.url import queue_name


def receive(sqs: Any, queue_url: str, number: int = 1) -> list[Message]:
    messages: list[Message] = []
    while len(messages) < number:
        answer = sqs.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        messages += [Message.from_sqs(received, queue_name(queue_url)) for received in answer["Messages"]]
    return messages
