"""A trigger that watches the queue which a DAG file names."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import airflow
import pytest

from airflow_provider_hybrid.triggers.event import MessagesEvent, read_messages
from airflow_provider_hybrid.triggers.queue import SqsQueueTrigger


class Store:
    """The asset's state: no run has taken anything yet."""

    async def aget(self, key: str, default: float) -> float:
        return default


def first_event(**arguments: Any) -> MessagesEvent:
    async def watch() -> Any:
        trigger = SqsQueueTrigger(**arguments)
        trigger.asset_state_store = Store()  # type: ignore[assignment]
        events: Any = trigger.run()
        try:
            return await asyncio.wait_for(anext(events), 20)
        finally:
            await events.aclose()

    event = asyncio.run(watch())
    assert isinstance(event, MessagesEvent)
    return event


def test_it_is_made_again_from_what_it_serializes() -> None:
    trigger = SqsQueueTrigger(queue_url="https://sqs/1/orders", aws_conn_id=None, max_messages=10)

    path, arguments = trigger.serialize()

    assert path == "airflow_provider_hybrid.triggers.queue.SqsQueueTrigger"
    assert SqsQueueTrigger(**json.loads(json.dumps(arguments))).serialize() == (path, arguments)


def test_it_needs_no_variable_and_deletes_nothing(sqs: Any, queue_url: str, counts: Any) -> None:
    sqs.send_message(QueueUrl=queue_url, MessageBody="1")

    event = first_event(queue_url=queue_url, wait_time_seconds=1)

    assert [message.body for message in read_messages(event.payload)] == ["1"]
    assert event.payload["queue_url"] == queue_url
    assert counts(queue_url) == (0, 1)


def test_its_arguments_are_heeded(sqs: Any, queue_url: str) -> None:
    for body in "12":
        sqs.send_message(QueueUrl=queue_url, MessageBody=body)

    assert first_event(queue_url=queue_url, max_messages=1).payload["count"] == 1


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ({}, "queue_url: is missing; add it"),
        ({"queue_ulr": "x"}, "queue_ulr: unknown key, did you mean 'queue_url'?"),
        ({"queue_url": "orders"}, 'value found: "orders"'),
        (
            {"queue_url": "https://sqs/1/q", "visibility_timeout": 5},
            "visibility_timeout: Input should be",
        ),
        ({"queue_url": "https://sqs/1/q", "routes": []}, "routes: unknown key"),
        ({"queue_url": "https://user:hunter2@sqs/1/q"}, "queue_url: must name no user or password"),
    ],
)
def test_what_is_wrong_with_its_arguments_is_an_event(arguments: dict[str, Any], fault: str) -> None:
    """A constructor that raises would be a DAG that is gone."""
    error = first_event(**arguments).payload["error"]

    assert fault in error
    assert error.startswith("The trigger has ")
    assert "hunter2" not in error


def test_an_airflow_that_keeps_no_state_for_assets_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow, "__version__", "3.2.2")

    with pytest.raises(ValueError, match=r"SqsQueueTrigger needs Airflow 3\.3 or later.*this is 3\.2\.2"):
        SqsQueueTrigger(queue_url="https://sqs/1/q")
