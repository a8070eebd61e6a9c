"""Trouble while receiving, in the triggerer and in a task: AWS's, a connection's, our own."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.dispatch.dispatching import Dispatching
from airflow_provider_hybrid.dispatch.intake import Intake
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.sqs.listener import Listener
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.receiver import BatchReceiver
from tests.harness.versions import needs_extras_to_be_objects
from tests.unit.conftest import REGION

Receive = Callable[[str], list[Message]]


def listen(queue_url: str) -> list[Message]:
    """Receive as the triggerer does, for one long poll."""

    async def next_batch() -> list[Message]:
        limits: dict[str, Any] = {"wait_time_seconds": 1, "visibility_timeout": 30}
        async with Listener(
            Queue(queue_url), max_idle_seconds=0, max_messages=10, max_bytes=2**20, **limits
        ) as listener:
            return await listener.next_batch()

    return asyncio.run(next_batch())


def take(queue_url: str) -> list[Message]:
    """Receive as a task does."""
    route = {"name": "all", "event_pattern": {"source": [{"prefix": ""}]}, "trigger_dag_id": "dag"}
    config = parse_config(json.dumps({"queue_url": queue_url, "max_queued_runs": None, "routes": [route]}))
    return Intake(config, "hybrid_dispatcher").take(Dispatching(config), wait_time_seconds=0)


@pytest.fixture(params=[listen, take])
def receive(request: pytest.FixtureRequest) -> Receive:
    found: Receive = request.param
    return found


@pytest.fixture
def connect(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Let Airflow's connection `aws_default` have this extra."""

    def set_connection(extra: Any) -> None:
        if isinstance(extra, dict):
            extra = {"endpoint_url": endpoint, "region_name": REGION} | extra
        uri = {"conn_type": "aws", "login": "testing", "password": "hunter2", "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(uri))

    return set_connection


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        pytest.param(
            '["eu-west-1"]',
            ["Connection 'aws_default' cannot be used", "AttributeError", "Look at its extra"],
            marks=needs_extras_to_be_objects,
        ),
        ({"config_kwargs": {"retry": 3}}, ["cannot be used", "unexpected keyword argument 'retry'"]),
        ({"endpoint_url": "not a url"}, ["cannot be used", "Invalid endpoint: not a url"]),
        ({"role_arn": "arn", "assume_role_method": "x"}, ["cannot be used", "assume_role_method='x'"]),
        ({"profile_name": "nobody"}, ["profile (nobody) could not be found"]),
        (
            {"config_kwargs": {"proxies": {"http": "http://127.0.0.1:9"}}},
            ["proxy", "HTTPS_PROXY", "'proxies'"],
        ),
    ],
)
def test_what_a_connection_says_and_nobody_can_use_somebody_must_mend(
    receive: Receive, connect: Callable[[Any], None], queue_url: str, extra: Any, words: list[str]
) -> None:
    connect(extra)

    with pytest.raises(QueueError) as raised:
        receive(queue_url)

    assert [word for word in words if word not in str(raised.value)] == []
    assert "hunter2" not in str(raised.value)


def test_a_missing_ca_bundle_does_not_pass(
    receive: Receive, connect: Callable[[Any], None], endpoint: str, queue_url: str
) -> None:
    address = endpoint.replace("http://", "https://")
    connect({"endpoint_url": address, "verify": "/no/such/bundle.pem"})

    with pytest.raises(QueueError, match=r"CA bundle"):
        receive(queue_url)


def test_an_address_without_tls_does_not_pass(
    receive: Receive, connect: Callable[[Any], None], endpoint: str, queue_url: str
) -> None:
    connect({"endpoint_url": endpoint.replace("http://", "https://")})

    with pytest.raises(QueueError, match=r"Look at the CA bundle: .*; and at the address"):
        receive(queue_url)


@pytest.mark.parametrize("through_a_proxy", [False, True])
def test_a_host_that_nobody_knows_does_not_pass(
    receive: Receive,
    connect: Callable[[Any], None],
    queue_url: str,
    monkeypatch: pytest.MonkeyPatch,
    through_a_proxy: bool,
) -> None:
    def look_up(*_: Any, **__: Any) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    address = "http://nowhere.example"
    connect(
        {"config_kwargs": {"proxies": {"http": address}}} if through_a_proxy else {"endpoint_url": address}
    )

    with pytest.raises(QueueError, match=r"Look at the proxy|Nobody knows this host"):
        receive(queue_url)


def test_a_refused_connection_passes(
    receive: Receive, connect: Callable[[Any], None], queue_url: str
) -> None:
    connect({"endpoint_url": "http://127.0.0.1:9"})

    assert receive(queue_url) == []


@pytest.mark.parametrize("place", ["at first", "while draining"])
def test_our_own_fault_comes_with_its_traceback(
    receive: Receive, sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """In the words of somebody who must mend something it would look like the user's, for ever."""
    sqs.send_message(QueueUrl=queue_url, MessageBody="{}")
    name = "_receive" if place == "at first" else "_drain"

    async def stumble(*_: Any, **__: Any) -> NoReturn:
        raise TypeError("a bug")

    monkeypatch.setattr(BatchReceiver, name, stumble)

    with pytest.raises(TypeError, match="a bug"):
        receive(queue_url)
