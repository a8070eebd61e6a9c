"""Where calls on a queue go: to which host, in which region."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from botocore.exceptions import NoRegionError

from airflow_provider_hybrid.sqs.client import open_client
from airflow_provider_hybrid.sqs.errors import explain
from airflow_provider_hybrid.sqs.queue import Queue

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
BY_VPC = "https://vpce-0a1b.sqs.us-east-1.vpce.amazonaws.com/123456789012/orders"


@pytest.fixture(autouse=True)
def connect(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the connection `aws_default`, and nothing else."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    def set_extra(**extra: str) -> None:
        connection = {"conn_type": "aws", "login": "testing", "password": "testing", "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(connection))

    set_extra()
    return set_extra


@pytest.mark.parametrize(
    ("queue_url", "endpoint"),
    [
        (QUEUE, "https://sqs.us-east-1.amazonaws.com"),
        ("https://queue.amazonaws.com/123456789012/orders", "https://sqs.us-east-1.amazonaws.com"),
        (BY_VPC, "https://vpce-0a1b.sqs.us-east-1.vpce.amazonaws.com"),
        ("https://sqs-fips.us-east-1.amazonaws.com/1/orders", "https://sqs-fips.us-east-1.amazonaws.com"),
        ("https://sqs.us-east-1.api.aws/1/orders", "https://sqs.us-east-1.api.aws"),
        ("https://sqs.cn-north-1.amazonaws.com.cn/1/orders", "https://sqs.cn-north-1.amazonaws.com.cn"),
        ("https://sqs.eusc-de-east-1.amazonaws.eu/1/orders", "https://sqs.eusc-de-east-1.amazonaws.eu"),
    ],
)
def test_calls_go_to_the_host_that_the_url_names(queue_url: str, endpoint: str) -> None:
    assert open_client(Queue(queue_url)).meta.endpoint_url == endpoint


def test_the_triggerers_calls_go_there_too() -> None:
    async def endpoint() -> str:
        async with open_client(Queue(BY_VPC), asynchronous=True) as client:
            return str(client.meta.endpoint_url)

    assert asyncio.run(endpoint()) == "https://vpce-0a1b.sqs.us-east-1.vpce.amazonaws.com"


def test_an_endpoint_of_the_connection_goes_first(connect: Any) -> None:
    connect(endpoint_url="http://127.0.0.1:4566")

    assert open_client(Queue(BY_VPC)).meta.endpoint_url == "http://127.0.0.1:4566"


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS"])
def test_an_endpoint_of_the_environment_goes_before_the_url(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:4566")

    assert open_client(Queue(BY_VPC)).meta.endpoint_url == "http://127.0.0.1:4566"


def test_a_region_that_is_set_goes_before_the_urls(connect: Any) -> None:
    connect(region_name="eu-central-1")

    assert open_client(Queue(QUEUE, region_name="eu-west-1")).meta.region_name == "eu-west-1"
    assert open_client(Queue(QUEUE)).meta.region_name == "us-east-1"
    emulator = open_client(Queue("http://127.0.0.1:4566/1/orders"))
    assert emulator.meta.region_name == "eu-central-1"


def test_where_no_region_is_known_the_error_says_what_to_set() -> None:
    url = "http://127.0.0.1:4566/000000000000/orders"

    with pytest.raises(NoRegionError) as raised:
        open_client(Queue(url))

    said = explain(raised.value, Queue(url, "aws_default"))
    assert said.startswith(f"No AWS region: {url!r} names none, nor does connection 'aws_default'.")
    assert "'region_name'" in said
