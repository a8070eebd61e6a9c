"""A bucket that tells a queue what happens in it, by each way that AWS knows."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from airflow_provider_hybrid.events.envelopes.envelope import Opened
from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import open_message
from tests.harness.ministack import MiniStack

EVENTS = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectRestore:*", "s3:ObjectAnnotation:*"]
Way = Callable[["Bucket"], None]


class Bucket:
    """A bucket with versions, and the queue that it tells what happens."""

    def __init__(self, ministack: MiniStack, name: str) -> None:
        self.name = name
        self.s3, self.sqs, self.sns, self.events = map(ministack.client, ("s3", "sqs", "sns", "events"))
        self.queue_url: str = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        answer = self.sqs.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=["QueueArn"])
        self.queue_arn: str = answer["Attributes"]["QueueArn"]
        self.s3.create_bucket(Bucket=name)
        self.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})

    def notify(self, **configuration: Any) -> None:
        self.s3.put_bucket_notification_configuration(
            Bucket=self.name, NotificationConfiguration=configuration
        )

    def received(self, asked_for: int) -> list[Event]:
        """Return the events, once so many have come."""
        return [event for event, _ in self.opened(asked_for)]

    def opened(self, asked_for: int, seconds: float = 20) -> list[Opened]:
        """Return the events with their messages; S3's test messages hold none."""
        opened: list[Opened] = []
        end = time.monotonic() + seconds
        while len(opened) < asked_for and time.monotonic() < end:
            for received in self.messages():
                opened += open_message(Message.from_sqs(received, self.name))
        assert len(opened) == asked_for
        return opened

    def messages(self) -> list[dict[str, Any]]:
        """Receive once, and delete what came."""
        answer = self.sqs.receive_message(
            QueueUrl=self.queue_url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=1,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        for message in messages:
            self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return messages


def sqs(bucket: Bucket) -> None:
    bucket.notify(QueueConfigurations=[{"QueueArn": bucket.queue_arn, "Events": EVENTS}])


def sns(bucket: Bucket, *, raw: bool = False) -> None:
    topic = bucket.sns.create_topic(Name=bucket.name)["TopicArn"]
    attributes = {"RawMessageDelivery": "true"} if raw else {}
    bucket.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=bucket.queue_arn, Attributes=attributes)
    bucket.notify(TopicConfigurations=[{"TopicArn": topic, "Events": EVENTS}])


def raw_sns(bucket: Bucket) -> None:
    sns(bucket, raw=True)


def eventbridge(bucket: Bucket) -> None:
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket.name]}}}
    bucket.events.put_rule(Name=bucket.name, EventPattern=json.dumps(pattern))
    bucket.events.put_targets(Rule=bucket.name, Targets=[{"Id": "queue", "Arn": bucket.queue_arn}])
    bucket.notify(EventBridgeConfiguration={})
