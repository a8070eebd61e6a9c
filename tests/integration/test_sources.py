"""Every service that may invoke the interceptor does so, in an AWS that wraps events as AWS does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_hybrid.events.event import Event
from tests.harness.cases import load
from tests.harness.ministack import MiniStack
from tests.harness.stack import Stack
from tests.harness.wait import wait_until
from tests.integration.test_template import events, received

UPLOAD = load("ministack_s3_key_plus")


@pytest.fixture(scope="module")
def stack(ministack: MiniStack) -> Stack:
    return Stack(ministack, "sources").create(QueueName="sources", Bucket1="bucket-sources")


def forwarded(ministack: MiniStack, stack: Stack, number: int) -> list[Event]:
    messages = received(ministack, stack.outputs["QueueUrl"], number)
    assert all(json.loads(message["Body"])["id"] for message in messages)
    return events(messages)


def map_source(ministack: MiniStack, stack: Stack, arn: str, **arguments: Any) -> None:
    """Let Lambda read a queue or a stream, as docs/deploy.md says."""
    client = ministack.client("lambda")
    mapping = client.create_event_source_mapping(
        EventSourceArn=arn,
        FunctionName=stack.outputs["InterceptorArn"],
        FunctionResponseTypes=["ReportBatchItemFailures"],
        **arguments,
    )

    def enabled() -> bool:
        return bool(client.get_event_source_mapping(UUID=mapping["UUID"])["State"] == "Enabled")

    wait_until(enabled, 30, f"Lambda to read {arn}")


def test_sns(ministack: MiniStack, stack: Stack) -> None:
    sns = ministack.client("sns")
    topic = sns.create_topic(Name="sources")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=stack.outputs["InterceptorArn"])

    sns.publish(TopicArn=topic, Message=UPLOAD.body)
    message_id = sns.publish(TopicArn=topic, Message='{"order": 7}')["MessageId"]

    found = forwarded(ministack, stack, 2)
    assert sorted(event.id for event in found) == sorted([UPLOAD.expected[0]["id"], message_id])


def test_eventbridge(ministack: MiniStack, stack: Stack) -> None:
    bridge = ministack.client("events")
    bridge.put_rule(Name="sources", EventPattern='{"source": ["shop"]}')
    bridge.put_targets(Rule="sources", Targets=[{"Id": "1", "Arn": stack.outputs["InterceptorArn"]}])

    entry = {"Source": "shop", "DetailType": "Order Placed", "Detail": '{"order": 7}'}
    event_id = bridge.put_events(Entries=[entry])["Entries"][0]["EventId"]

    (event,) = forwarded(ministack, stack, 1)
    assert (event.id, event.source, event.detail) == (event_id, "shop", {"order": 7})


def test_sqs(ministack: MiniStack, stack: Stack) -> None:
    sqs = ministack.client("sqs")
    url = sqs.create_queue(QueueName="incoming")["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    map_source(ministack, stack, answer["Attributes"]["QueueArn"])

    sqs.send_message(QueueUrl=url, MessageBody=UPLOAD.body)
    message_id = sqs.send_message(QueueUrl=url, MessageBody='{"order": 7}')["MessageId"]

    found = {event.source: event for event in forwarded(ministack, stack, 2)}
    assert found["aws.s3"].id == UPLOAD.expected[0]["id"]
    assert (found["incoming"].id, found["incoming"].detail) == (message_id, {"order": 7})


def test_kinesis(ministack: MiniStack, stack: Stack) -> None:
    kinesis = ministack.client("kinesis")
    kinesis.create_stream(StreamName="sources", ShardCount=1)
    arn = kinesis.describe_stream(StreamName="sources")["StreamDescription"]["StreamARN"]
    map_source(ministack, stack, arn, StartingPosition="TRIM_HORIZON")

    put = kinesis.put_record(StreamName="sources", Data=b'{"order": 7}', PartitionKey="acme")

    (event,) = forwarded(ministack, stack, 1)
    assert event.source == "aws.kinesis"
    assert event.detail["data"] == {"order": 7}
    assert event.detail["sequenceNumber"] == put["SequenceNumber"]


def test_dynamodb(ministack: MiniStack, stack: Stack) -> None:
    dynamodb = ministack.client("dynamodb")
    table = dynamodb.create_table(
        TableName="sources",
        KeySchema=[{"AttributeName": "order", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "order", "AttributeType": "N"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    arn = table["TableDescription"]["LatestStreamArn"]
    map_source(ministack, stack, arn, StartingPosition="TRIM_HORIZON")

    dynamodb.put_item(TableName="sources", Item={"order": {"N": "7"}})

    (event,) = forwarded(ministack, stack, 1)
    assert (event.source, event.detail_type) == ("aws.dynamodb", "INSERT")
    assert event.detail["NewImage"] == {"order": {"N": "7"}}


def test_direct_invocation(ministack: MiniStack, stack: Stack) -> None:
    answer = ministack.client("lambda").invoke(
        FunctionName=stack.outputs["InterceptorArn"], Payload=b'{"order": 7}'
    )

    (event,) = forwarded(ministack, stack, 1)
    assert (event.source, event.detail) == ("sources", {"order": 7})
    assert json.load(answer["Payload"]) == {"batchItemFailures": []}
