"""What an upload to S3 becomes, by each way that AWS knows to a queue: no Airflow process, but a real S3."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.route import Route
from airflow_provider_hybrid.routing.router import route_message
from airflow_provider_hybrid.triggers.event import read_messages
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
from tests.harness.dispatching import configure, first_event
from tests.harness.ministack import MiniStack

KEYS = [
    "orders/2026-11-22/plain.csv",
    "orders/2026-11-22/a b+c%20d.csv",
    "orders/2026-11-22/{{ var.value.secret }} +%C3%A9.csv",
    "orders/2026-11-22/größe 値 🎉.csv",
    "orders/2026-11-22/" + "x" * 1006,
]
ROUTE = Route(
    "uploads",
    {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"object": {"key": [{"prefix": "orders/"}]}},
    },
    "partner",
    {
        "bucket": "{{ event.detail.bucket.name }}",
        "key": "{{ event.detail.object.key }}",
        "size": "{{ event.detail.object.size }}",
    },
)
TO_ALL = {"name": "all", "event_pattern": {"source": [{"prefix": ""}]}, "trigger_dag_id": "partner"}


class Aws:
    """A queue, and a bucket whose uploads reach it one way or another."""

    def __init__(self, ministack: MiniStack, name: str) -> None:
        self.ministack = ministack
        self.bucket = f"bucket-{name}"
        self.s3, self.sqs, self.sns, self.events = map(ministack.client, ("s3", "sqs", "sns", "events"))
        self.queue_url: str = self.sqs.create_queue(QueueName=f"queue-{name}")["QueueUrl"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=["QueueArn"])
        self.queue_arn = attributes["Attributes"]["QueueArn"]
        self.s3.create_bucket(Bucket=self.bucket)

    def notify(self, **configuration: Any) -> None:
        self.s3.put_bucket_notification_configuration(
            Bucket=self.bucket, NotificationConfiguration=configuration
        )


def s3_to_sqs(aws: Aws) -> None:
    aws.notify(QueueConfigurations=[{"QueueArn": aws.queue_arn, "Events": ["s3:ObjectCreated:*"]}])


def s3_to_sns_to_sqs(aws: Aws) -> None:
    topic = aws.sns.create_topic(Name=f"topic-{aws.bucket}")["TopicArn"]
    aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=aws.queue_arn)
    aws.notify(TopicConfigurations=[{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}])


def s3_to_eventbridge_to_sqs(aws: Aws) -> None:
    rule = f"rule-{aws.bucket}"
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [aws.bucket]}}}
    aws.events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    aws.events.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": aws.queue_arn}])
    aws.notify(EventBridgeConfiguration={})


@pytest.mark.parametrize("way", [s3_to_sqs, s3_to_sns_to_sqs, s3_to_eventbridge_to_sqs])
def test_an_upload_asks_for_its_run_whatever_way_it_travels(
    ministack: MiniStack, monkeypatch: pytest.MonkeyPatch, way: Any
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", ministack.airflow_connection())
    aws = Aws(ministack, way.__name__.replace("_", "-"))
    way(aws)

    for key in KEYS:
        aws.s3.put_object(Bucket=aws.bucket, Key=key, Body=b"12345")
    launches = [
        launch
        for message in asyncio.run(receive(monkeypatch, aws.queue_url, len(KEYS)))
        for launch in route_message(message, [ROUTE], "delete").launches
    ]

    assert sorted(launch.conf["key"] for launch in launches) == sorted(KEYS)
    assert {launch.conf["bucket"] for launch in launches} == {aws.bucket}
    assert {launch.conf["size"] for launch in launches} == {5}
    assert len({launch.trigger_run_id for launch in launches}) == len(KEYS)


async def receive(monkeypatch: pytest.MonkeyPatch, queue_url: str, asked_for: int) -> list[Message]:
    """Let triggers receive until so many messages have come; S3's own test event is one more."""
    configure(monkeypatch, queue_url, max_queued_runs=None, routes=[TO_ALL])
    messages: list[Message] = []
    while sum("s3:TestEvent" not in message.body for message in messages) < asked_for:
        event = await asyncio.wait_for(first_event(SqsEventTrigger("hybrid_dispatcher")), 30)
        assert event.payload["error"] is None
        messages += read_messages(event.payload)
    return messages


def test_a_batch_of_500_is_one_event(ministack: MiniStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", ministack.airflow_connection())
    aws = Aws(ministack, "five-hundred")
    for start in range(0, 500, 10):
        entries = [{"Id": str(number), "MessageBody": "{}"} for number in range(start, start + 10)]
        aws.sqs.send_message_batch(QueueUrl=aws.queue_url, Entries=entries)

    messages = asyncio.run(receive(monkeypatch, aws.queue_url, 1))

    assert len({message.message_id for message in messages}) == 500
