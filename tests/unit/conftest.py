"""An SQS in the process: moto's server, asked over HTTP like the real one."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

from airflow_provider_hybrid.compat import metrics
from airflow_provider_hybrid.view import client
from tests.harness.metadata import metadata_database
from tests.harness.proxy import Proxy
from tests.harness.running import running
from tests.harness.supervising import supervise
from tests.harness.supervisor import Supervisor

REGION = "eu-west-1"


@pytest.fixture
def supervisor(monkeypatch: pytest.MonkeyPatch) -> Supervisor:
    """Put an Airflow in memory in the place of a task's supervisor; it has no DAG yet."""
    return supervise(monkeypatch, Supervisor())


@pytest.fixture
def airflow_database() -> Iterator[None]:
    """Give the process's Airflow a metadata database, which holds no DAG yet."""
    with metadata_database():
        yield


@pytest.fixture
def set_metrics(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bool], None]]:
    """Switch Airflow's metrics on or off, for this package; they lead nowhere."""

    def switch(on: bool) -> None:
        monkeypatch.setenv("AIRFLOW__METRICS__OTEL_ON", str(on))
        metrics._is_set.cache_clear()

    yield switch
    metrics._is_set.cache_clear()


@pytest.fixture(scope="session")
def moto_server() -> Iterator[str]:
    """Give the address of a server that speaks SQS; silent, as a poll may end after pytest's closing line."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def endpoint(moto_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Empty the server, and let Airflow's connection `aws_default` lead to it."""
    httpx.post(f"{moto_server}/moto-api/reset").raise_for_status()
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection(moto_server))
    monkeypatch.setattr(client, "_clients", {})
    return moto_server


@pytest.fixture
def proxy(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Let Airflow's connection `aws_default` lead through a proxy, which can disturb calls."""
    with running(Proxy(endpoint)) as server:
        monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection(server.endpoint_url))
        yield server


@pytest.fixture
def sqs(endpoint: str) -> Any:
    """Give a client of our own, to send messages and to look at queues."""
    return boto3.client(
        "sqs",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106 - moto takes any
    )


@pytest.fixture
def queue_url(sqs: Any) -> str:
    """Give an empty queue."""
    return str(sqs.create_queue(QueueName="partner-events")["QueueUrl"])


@pytest.fixture
def dead_letter_queue_url(sqs: Any) -> str:
    """Give an empty dead-letter queue."""
    return str(sqs.create_queue(QueueName="partner-events-dead")["QueueUrl"])


@pytest.fixture
def counts(sqs: Any) -> Callable[[str], tuple[int, int]]:
    """Count the messages of a queue: visible, in flight."""

    def count(queue_url: str) -> tuple[int, int]:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)["Attributes"]
        visible, in_flight = (int(attributes[name]) for name in names)
        return visible, in_flight

    return count


def connection(endpoint: str) -> str:
    """Write an Airflow connection to an AWS at this address."""
    extra = {"endpoint_url": endpoint, "region_name": REGION}
    return json.dumps({"conn_type": "aws", "login": "testing", "password": "testing", "extra": extra})
