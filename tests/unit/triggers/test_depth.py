"""The depth of the queues, asked beside the long polls."""

from __future__ import annotations

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.execution_time.comms import TICount

from airflow_provider_hybrid.triggers import depth
from airflow_provider_hybrid.triggers.event import MessagesEvent
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
from airflow_provider_hybrid.triggers.timing import Timing
from tests.harness.dispatching import configure, first_event
from tests.harness.proxy import Proxy
from tests.harness.supervising import supervise

ROUTES = [{"name": "all", "event_pattern": {"source": [{"prefix": ""}]}, "trigger_dag_id": "dag"}]
ASK = "GetQueueAttributes"


@pytest.fixture(autouse=True)
def dispatcher(
    queue_url: str,
    dead_letter_queue_url: str,
    proxy: Proxy,
    monkeypatch: pytest.MonkeyPatch,
    set_metrics: Any,
) -> None:
    """Let a dispatcher listen whose metrics are on, and that has never asked."""
    configure(
        monkeypatch,
        queue_url,
        dead_letter_queue_url=dead_letter_queue_url,
        wait_time_seconds=1,
        max_queued_runs=None,
        routes=ROUTES,
    )
    supervise(monkeypatch, SimpleNamespace(send=lambda _: TICount(count=0)))
    set_metrics(True)
    monkeypatch.setattr(depth, "_asked_at", {})
    monkeypatch.setattr(depth, "_silent", set())


def receive() -> MessagesEvent:
    trigger = SqsEventTrigger("hybrid_dispatcher")
    trigger.task_instance = SimpleNamespace(dag_id="hybrid_dispatcher", task_id="listen")  # type: ignore
    trigger.timing = Timing(handover=0)
    return asyncio.run(asyncio.wait_for(first_event(trigger), 20))


def receive_one(sqs: Any, queue_url: str) -> MessagesEvent:
    sqs.send_message(QueueUrl=queue_url, MessageBody="{}")
    return receive()


def test_it_is_asked_for_once_a_minute(sqs: Any, queue_url: str, proxy: Proxy) -> None:
    for _ in range(3):
        assert receive_one(sqs, queue_url).payload["count"] == 1

    assert proxy.requests[ASK] == 2, "the queue, and the dead-letter queue"


def test_it_is_asked_for_again_after_a_minute(
    sqs: Any, queue_url: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depth, "PERIOD", 0)

    for _ in range(2):
        receive_one(sqs, queue_url)

    assert proxy.requests[ASK] == 4


def test_nobody_asks_where_metrics_are_off(sqs: Any, queue_url: str, proxy: Proxy, set_metrics: Any) -> None:
    set_metrics(False)

    assert receive_one(sqs, queue_url).payload["count"] == 1

    assert proxy.requests[ASK] == 0


def test_a_missing_right_is_told_once_and_harms_nobody(
    sqs: Any, queue_url: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(depth, "PERIOD", 0)
    caplog.set_level(logging.INFO)

    with proxy.fail(ASK, "AccessDenied", 403):
        for _ in range(2):
            assert receive_one(sqs, queue_url).payload["count"] == 1

    assert proxy.struck[ASK] == 2
    (told,) = [record for record in caplog.records if record.name == depth.__name__]
    assert told.levelno == logging.INFO
    assert f"allow sqs:GetQueueAttributes on {queue_url!r}" in told.getMessage()


def test_a_message_does_not_wait_for_it(sqs: Any, queue_url: str, proxy: Proxy) -> None:
    with proxy.slow(ASK, 60):
        assert receive_one(sqs, queue_url).payload["count"] == 1
