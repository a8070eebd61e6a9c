"""The proxy makes the trouble that the fault tests ask it for, and nothing passes it by."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError

from tests.harness.ministack import ACCESS_KEY, REGION, SECRET_KEY
from tests.harness.proxy import ALL, Proxy, process_at
from tests.harness.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.harness.ministack import MiniStack


@pytest.fixture
def proxy(ministack: MiniStack) -> Iterator[Proxy]:
    with running(Proxy(ministack.endpoint_url)) as proxy:
        yield proxy


@pytest.fixture
def sqs(proxy: Proxy) -> Any:
    return boto3.client(
        "sqs",
        endpoint_url=proxy.endpoint_url,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def queue_url(ministack: MiniStack, request: pytest.FixtureRequest) -> str:
    """A queue whose URL names MiniStack itself, not the proxy."""
    url: str = ministack.client("sqs").create_queue(QueueName=request.node.name)["QueueUrl"]
    return url


def test_requests_pass_and_are_counted(proxy: Proxy, sqs: Any, queue_url: str) -> None:
    sqs.send_message(QueueUrl=queue_url, MessageBody="one")
    assert bodies(sqs, queue_url) == ["one"]
    assert proxy.requests == {"SendMessage": 1, "ReceiveMessage": 1}


def test_away_and_back_on_the_same_port(proxy: Proxy, sqs: Any, queue_url: str) -> None:
    with proxy.away(), pytest.raises(EndpointConnectionError):
        sqs.send_message(QueueUrl=queue_url, MessageBody="lost")
    sqs.send_message(QueueUrl=queue_url, MessageBody="here again")
    assert bodies(sqs, queue_url) == ["here again"]


@pytest.mark.parametrize(
    ("code", "status"), [("RequestThrottled", 400), ("AccessDenied", 403), ("InternalError", 500)]
)
def test_errors_of_one_action(code: str, status: int, proxy: Proxy, sqs: Any, queue_url: str) -> None:
    with proxy.fail("SendMessage", code, status):
        with pytest.raises(ClientError) as error:
            sqs.send_message(QueueUrl=queue_url, MessageBody="refused")
        assert bodies(sqs, queue_url) == []
    assert error.value.response["Error"]["Code"] == code
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_slow_answers(proxy: Proxy, sqs: Any, queue_url: str) -> None:
    began = time.monotonic()
    with proxy.slow(ALL, 0.5):
        sqs.send_message(QueueUrl=queue_url, MessageBody="late")
    assert time.monotonic() - began >= 0.5


def test_entries_of_a_batch_fail(proxy: Proxy, sqs: Any, queue_url: str) -> None:
    entries = [{"Id": str(number), "MessageBody": str(number)} for number in range(4)]
    with proxy.fail_entries(
        "SendMessageBatch", lambda entry: entry["Id"] < "2", "InternalError", sender_fault=False
    ):
        answer = sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [
        ("0", "InternalError"),
        ("1", "InternalError"),
    ]
    assert sorted(bodies(sqs, queue_url)) == ["2", "3"]


@pytest.mark.parametrize("answered", [False, True])
def test_a_held_request_is_dropped_before_or_after_it_was_done(
    answered: bool, proxy: Proxy, sqs: Any, queue_url: str
) -> None:
    with ThreadPoolExecutor() as pool, proxy.hold("SendMessage", answered=answered) as held:
        sending = pool.submit(sqs.send_message, QueueUrl=queue_url, MessageBody="held")
        assert process_at(held.wait(10)).pid == os.getpid()
        held.drop()
        assert sending.exception(10)
    assert bodies(sqs, queue_url) == ["held"] * answered


def bodies(sqs: Any, queue_url: str) -> list[str]:
    answer = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=0)
    return [message["Body"] for message in answer.get("Messages", [])]
