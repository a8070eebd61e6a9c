"""The template that users deploy, in an AWS that does as it says: each way in, and what uploads become."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from tests.harness.cases import load
from tests.harness.dispatching import configure, dispatch
from tests.harness.ministack import MiniStack
from tests.harness.running import running
from tests.harness.stack import Stack
from tests.harness.wait import wait_until

WAYS = ["interceptor", "sqs", "eventbridge"]
KEY = "orders/2026-11-22/größe a+b.csv"


@pytest.fixture(scope="module")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    """An AWS in which Lambda does not wait for minutes before it tries again."""
    home = tmp_path_factory.mktemp("ministack")
    with running(MiniStack(home, LAMBDA_ASYNC_RETRY_BASE_SECONDS="0.1")) as server:
        yield server


def messages_of(ministack: MiniStack, queue_url: str) -> list[dict[str, Any]]:
    """Take messages off a queue, some of them if there are many."""
    sqs = ministack.client("sqs")
    answer = sqs.receive_message(
        QueueUrl=queue_url,
        MaxNumberOfMessages=10,
        WaitTimeSeconds=1,
        MessageSystemAttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    messages: list[dict[str, Any]] = answer.get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return messages


def received(ministack: MiniStack, queue_url: str, number: int) -> list[dict[str, Any]]:
    """Take messages off a queue until so many events have come."""
    messages: list[dict[str, Any]] = []

    def look() -> bool:
        messages.extend(messages_of(ministack, queue_url))
        return len(events(messages)) >= number

    wait_until(look, 30, f"{number} events in {queue_url}", every=0.1)
    return messages


def events(messages: list[dict[str, Any]]) -> list[Event]:
    return [event for message in messages for event in parse_message(Message.from_sqs(message, "queue"))]


@pytest.mark.parametrize("fifo", ["false", "true"])
@pytest.mark.parametrize("way", WAYS)
def test_an_upload_ends_as_a_message(ministack: MiniStack, way: str, fifo: str) -> None:
    name = f"{way}-{fifo}"
    stack = Stack(ministack, name)
    parameters = {
        "WayIn": way,
        "Fifo": fifo,
        "QueueName": name,
        "Bucket1": f"bucket-{name}",
        "CreateBucket1": "true",
        "Prefix": "orders/",
        "Suffix": ".csv",
    }
    if (way, fifo) == ("sqs", "true"):
        with pytest.raises(ClientError, match="S3 cannot notify a FIFO queue"):
            stack.create(**parameters)
        return
    stack.create(**parameters)
    s3 = ministack.client("s3")

    for key in ["other/a.csv", "orders/a.txt", KEY]:
        s3.put_object(Bucket=f"bucket-{name}", Key=key, Body=b"12345")
    messages = received(ministack, stack.outputs["QueueUrl"], 1)

    (event,) = events(messages)
    assert (event.source, event.detail_type) == ("aws.s3", "Object Created")
    assert event.detail["object"]["key"] == KEY
    assert event.detail["bucket"]["name"] == f"bucket-{name}"
    has_group = fifo == "true" or way == "interceptor"
    assert all(("MessageGroupId" in message["Attributes"]) is has_group for message in messages)
    config = parse_config(stack.outputs["Variable"])
    assert config.queue_url == stack.outputs["QueueUrl"]
    assert config.compiled_routes.matching(event.as_dict())
    folder = {**event.as_dict(), "detail": {**event.detail, "object": {"key": "orders/", "size": 0}}}
    assert not config.compiled_routes.matching(folder)


@pytest.mark.parametrize("way", WAYS)
def test_prefix_and_suffix_are_written_as_they_are_in_the_key(ministack: MiniStack, way: str) -> None:
    """S3 wants them URL-encoded, EventBridge as they are.

    MiniStack's S3 does not decode its filters, so their values are looked at.
    """
    stack = Stack(ministack, f"odd-{way}")
    bucket, prefix, suffix = f"bucket-odd-{way}", "my orders/dt=2026/", "=a+b (1).csv"
    stack.create(
        WayIn=way, QueueName=f"odd-{way}", Bucket1=bucket, CreateBucket1="true", Prefix=prefix, Suffix=suffix
    )
    s3 = ministack.client("s3")

    if way == "eventbridge":
        for key in ["my+orders/dt%3D2026/x=a+b (1).csv", f"{prefix}x.csv", f"{prefix}x{suffix}"]:
            s3.put_object(Bucket=bucket, Key=key, Body=b"")
        (event,) = events(received(ministack, stack.outputs["QueueUrl"], 1))
        assert event.detail["object"]["key"] == f"{prefix}x{suffix}"
    else:
        told = s3.get_bucket_notification_configuration(Bucket=bucket)
        name = {"sqs": "QueueConfigurations", "interceptor": "LambdaFunctionConfigurations"}[way]
        rules = {
            rule["Name"].lower(): rule["Value"] for rule in told[name][0]["Filter"]["Key"]["FilterRules"]
        }
        assert rules == {"prefix": "my+orders/dt%3D2026/", "suffix": "%3Da%2Bb+(1).csv"}


@pytest.mark.parametrize("way", ["sqs", "interceptor"])
def test_buckets_of_another_account_may_notify(ministack: MiniStack, way: str) -> None:
    stack = Stack(ministack, f"theirs-{way}").create(
        WayIn=way,
        QueueName=f"theirs-{way}",
        Bucket1="Their_Old_Bucket",
        BucketAccount="999999999999",
        Architecture="x86_64",
        Runtime="python3.12",
    )

    if way == "sqs":
        answer = ministack.client("sqs").get_queue_attributes(
            QueueUrl=stack.outputs["QueueUrl"], AttributeNames=["Policy"]
        )
        policy = answer["Attributes"]["Policy"]
    else:
        function = {"FunctionName": stack.outputs["InterceptorArn"]}
        policy = ministack.client("lambda").get_policy(**function)["Policy"]
        told = ministack.client("lambda").get_function_configuration(**function)
        assert (told["Runtime"], told["Architectures"]) == ("python3.12", ["x86_64"])
    assert "999999999999" in policy
    assert "arn:aws:s3:::Their_Old_Bucket" in policy


@pytest.mark.parametrize("other", [{"CreateBucket1": "true"}, {"WayIn": "eventbridge"}])
def test_what_another_accounts_buckets_cannot_do_is_refused(
    ministack: MiniStack, other: dict[str, str]
) -> None:
    with pytest.raises(ClientError, match="BucketAccount"):
        Stack(ministack, "not-theirs").create(Bucket1="theirs", BucketAccount="999999999999", **other)


def test_what_is_large_goes_compressed_and_what_is_too_large_is_reported(ministack: MiniStack) -> None:
    stack = Stack(ministack, "large").create(QueueName="large", Bucket1="bucket-large")
    record = json.loads(load("aws_lambda_kinesis").body)["Records"][0]
    records = []
    for number, size in enumerate([900_000, 2_000_000, 10]):
        data = base64.b64encode(os.urandom(size)).decode()
        kinesis = {**record["kinesis"], "sequenceNumber": f"{number}", "data": data}
        records.append({**record, "eventID": f"shardId-000000000006:{number}", "kinesis": kinesis})

    answer = ministack.client("lambda").invoke(
        FunctionName=stack.outputs["InterceptorArn"], Payload=json.dumps({"Records": records})
    )

    assert json.loads(answer["Payload"].read()) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    found = {event.id: event.detail for event in events(received(ministack, stack.outputs["QueueUrl"], 2))}
    assert found == {
        event.id: event.detail for event in load_events(json.dumps({"Records": [records[0], records[2]]}))
    }


def test_a_stack_goes_from_way_to_way_and_leaves_only_its_bucket(ministack: MiniStack) -> None:
    stack = Stack(ministack, "moving")
    parameters = {"QueueName": "moving", "Bucket1": "bucket-moving", "CreateBucket1": "true"}
    stack.create(**parameters, WayIn="interceptor")
    s3 = ministack.client("s3")

    for way in ["sqs", "eventbridge", "interceptor"]:
        stack.update(**parameters, WayIn=way, MaxReceiveCount="7")
        s3.put_object(Bucket="bucket-moving", Key=way, Body=b"")
        (event,) = events(received(ministack, stack.outputs["QueueUrl"], 1))
        assert event.detail["object"]["key"] == way
    stack.delete()

    assert not [url for url in ministack.client("sqs").list_queues().get("QueueUrls", []) if "moving" in url]
    functions = ministack.client("lambda").list_functions()["Functions"]
    assert not [function for function in functions if function["FunctionName"].startswith("moving")]
    assert "bucket-moving" in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def test_several_buckets_that_exist(ministack: MiniStack) -> None:
    """As docs/deploy.md says: the stack, and then a notification for each bucket."""
    s3, names = ministack.client("s3"), [f"existing-{number}" for number in range(1, 6)]
    for name in names:
        s3.create_bucket(Bucket=name)
    buckets = {f"Bucket{number}": name for number, name in enumerate(names, 1)}
    stack = Stack(ministack, "existing").create(QueueName="existing", **buckets)
    told = {"LambdaFunctionArn": stack.outputs["InterceptorArn"], "Events": ["s3:ObjectCreated:*"]}

    for name in names:
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"LambdaFunctionConfigurations": [told]}
        )
        s3.put_object(Bucket=name, Key="a.csv", Body=b"")

    found = events(received(ministack, stack.outputs["QueueUrl"], 5))
    assert sorted(event.detail["bucket"]["name"] for event in found) == names


def test_what_the_interceptor_cannot_forward_is_a_dead_letter_that_can_be_sent_back(
    ministack: MiniStack,
) -> None:
    stack = Stack(ministack, "cut").create(
        QueueName="cut", Bucket1="bucket-cut", CreateBucket1="true", WayIn="interceptor"
    )
    gone = stack.outputs["QueueUrl"].replace("/cut", "/gone")
    # The template says so too, but MiniStack's CloudFormation leaves it out.
    dead = f"{stack.outputs['QueueArn']}-dead"
    ministack.client("lambda").update_function_configuration(
        FunctionName=stack.outputs["InterceptorArn"],
        Environment={"Variables": {"QUEUE_URL": gone}},
        DeadLetterConfig={"TargetArn": dead},
    )

    ministack.client("s3").put_object(Bucket="bucket-cut", Key=KEY, Body=b"")

    (letter,) = wait_until(
        lambda: messages_of(ministack, stack.outputs["DeadLetterQueueUrl"]), 30, "the dead letter"
    )
    # AWS leaves the event itself; MiniStack wraps it as it does for a destination.
    body = json.dumps(json.loads(letter["Body"])["requestPayload"])
    (event,) = parse_message(Message("m", body))
    assert event.detail["object"]["key"] == KEY


def test_directly_and_through_the_interceptor_it_is_one_run(
    ministack: MiniStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", ministack.airflow_connection())
    stack = Stack(ministack, "two-ways").create(QueueName="two-ways", Bucket1="bucket-two-ways")
    url = stack.outputs["QueueUrl"]
    bodies = [load(name).body for name in ("ministack_s3_key_plus", "aws_s3_2_5_put", "aws_lambda_kinesis")]
    for body in bodies:
        ministack.client("sqs").send_message(QueueUrl=url, MessageBody=body)
        ministack.client("lambda").invoke(FunctionName=stack.outputs["InterceptorArn"], Payload=body)
    route = {"name": "all", "event_pattern": {"id": [{"exists": True}]}, "trigger_dag_id": "partner"}
    configure(monkeypatch, url, routes=[route])

    number = sum(len(load_events(body)) for body in bodies) + len(bodies)
    done = dispatch(monkeypatch, number, "partner")

    assert not done.errors
    assert sorted(conf["id"] for conf in done.confs) == sorted(
        event.id for body in bodies for event in load_events(body)
    )


def load_events(body: str) -> list[Event]:
    return parse_message(Message("m", body))
