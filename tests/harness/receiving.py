"""Receiving from a queue that is an emulator's."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs.dead_letters import holding
from airflow_provider_hybrid.sqs.url import queue_name


def receive(sqs: Any, queue_url: str, number: int = 1) -> list[Message]:
    """Receive until so many messages have come."""
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


def hold_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `hybrid dead-letters` go through a queue without long polls, of which two in vain are its end.

    SQS needs them; an emulator overlooks no message. The command opens the queue by itself, so there is no
    argument by which a test could say so.
    """
    monkeypatch.setattr(holding, "WAIT_TIME_SECONDS", 0)
