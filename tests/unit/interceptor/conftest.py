"""An interceptor whose queue is in moto."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from airflow_provider_hybrid.interceptor import send
from tests.harness.proxy import Proxy
from tests.unit.conftest import REGION
from tests.unit.interceptor.invoking import Interceptor


@pytest.fixture
def interceptor(sqs: Any, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Interceptor:
    """An interceptor before a standard queue called `orders`."""
    return _before(sqs, endpoint, monkeypatch, "orders")


@pytest.fixture
def fifo(sqs: Any, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Interceptor:
    """An interceptor before a FIFO queue, with a message group for each object."""
    monkeypatch.setenv("MESSAGE_GROUP_FIELD", "detail.object.key")
    return _before(sqs, endpoint, monkeypatch, "orders.fifo")


@pytest.fixture
def proxy(endpoint: str, interceptor: Interceptor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """What stands between the interceptor and its queue."""
    server = Proxy(endpoint)
    server.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.endpoint_url)
    send.sqs.cache_clear()
    yield server
    send.sqs.cache_clear()
    server.stop()


def _before(sqs: Any, endpoint: str, monkeypatch: pytest.MonkeyPatch, name: str) -> Interceptor:
    attributes = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    for variable, value in {
        "QUEUE_URL": url,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }.items():
        monkeypatch.setenv(variable, value)
    return Interceptor(sqs, url)
