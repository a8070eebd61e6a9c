"""An interceptor in the process: what Lambda hands it, and what is in its queue afterwards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.interceptor.handler import handler
from tests.harness.cases import Case

Json = dict[str, Any]


@dataclass
class Interceptor:
    """The function with its queue.

    Args:
        sqs: A client to look into the queue with.
        queue_url: The queue.
    """

    sqs: Any
    queue_url: str

    def invoke(self, event: Any) -> Json:
        """Do what Lambda does: each try may have a request id of its own."""
        return handler(event, SimpleNamespace(aws_request_id=str(uuid4())))

    def received(self) -> list[Message]:
        """Take all messages off the queue, in the order of sending."""
        return [Message.from_sqs(received, "orders") for received in self.raw()]

    def raw(self) -> list[Json]:
        """The same as SQS answers."""
        messages: list[Json] = []
        while answer := self.sqs.receive_message(
            QueueUrl=self.queue_url,
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages"):
            messages += answer
            for message in answer:
                self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return messages


def logged(capsys: pytest.CaptureFixture[str]) -> list[Json]:
    """Return what the function has logged so far; Airflow 3.0 logs to the same place, in other words."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def sqs_record(message: Message, number: int = 0) -> Json:
    """Write a message as Lambda hands it over."""
    return {
        "messageId": message.message_id if not number else f"{message.message_id}-{number}",
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
        "body": message.body,
        "attributes": {"ApproximateReceiveCount": "1", **message.attributes},
        "messageAttributes": {
            name: {key[0].lower() + key[1:]: part for key, part in value.items()}
            for name, value in message.message_attributes.items()
        },
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:orders",
        "awsRegion": "eu-west-1",
    }


def sns_record(message: str, **fields: Any) -> Json:
    """Write a message of a topic as Lambda hands it over."""
    sns = {
        "Type": "Notification",
        "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
        "TopicArn": "arn:aws:sns:eu-west-1:123456789012:orders",
        "Subject": None,
        "Message": message,
        "Timestamp": "2026-11-22T02:00:00.000Z",
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
        "SigningCertUrl": "EXAMPLE",
        "UnsubscribeUrl": "EXAMPLE",
        "MessageAttributes": {},
    }
    return {"EventVersion": "1.0", "EventSource": "aws:sns", "Sns": {**sns, **fields}}


def sent(case: Case) -> Message:
    """Return the message as its queue hands it out, with the time of sending."""
    message = case.message()
    return case.message(attributes={"SentTimestamp": "1795312800123", **message.attributes})


def events(messages: list[Message]) -> list[Event]:
    """Return what Airflow's side reads in messages."""
    return [event for message in messages for event in parse_message(message)]


def ids(messages: list[Message]) -> list[str]:
    """Return the ids of the events in messages."""
    return [event.id for event in events(messages)]


def verdict(message: Message) -> Any:
    """Return what Airflow's side reads in a message, or why it reads nothing."""
    try:
        return parse_message(message)
    except ValueError as error:
        return str(error)
