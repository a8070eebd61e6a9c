"""The operator that routes what a watching trigger received."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import AirflowFailException
from airflow.sdk import Asset

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import ConfigError
from airflow_provider_hybrid.operators.route import RouteMessagesOperator
from airflow_provider_hybrid.routing.delivery import load_deliveries
from airflow_provider_hybrid.triggers.event import MessagesEvent
from tests.unit.dispatching import configure
from tests.unit.operators.started import QUEUE, Store, batch, started_by
from tests.unit.supervisor import Supervisor

Counts = Callable[[str], tuple[int, int]]
MESSAGES = Asset("dispatcher_messages")
ROUTES = [
    {"name": name, "event_pattern": {"detail": {"partner": [name]}}, "trigger_dag_id": f"dag_{name}"}
    for name in ("a", "b")
]


@pytest.fixture(autouse=True)
def configured(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, QUEUE, routes=ROUTES)


def message(name: str, partner: str, handle: str = "h") -> Message:
    return Message(name, json.dumps({"partner": partner}), receipt_handle=handle)


def route(*events: MessagesEvent, store: Store | None = None, **arguments: Any) -> list[dict[str, Any]]:
    return task(**arguments).execute(started_by(MESSAGES, *events, store=store))


def task(**arguments: Any) -> RouteMessagesOperator:
    return RouteMessagesOperator(task_id="route", messages=MESSAGES, **arguments)


def routed(groups: list[dict[str, Any]]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    return {
        (group["queue_url"], group["trigger_dag_id"]): [
            (delivery.message.message_id, delivery.message.receipt_handle)
            for delivery in load_deliveries(group["deliveries"])
        ]
        for group in groups
    }


def test_the_messages_of_all_events_become_one_group_per_dag() -> None:
    groups = route(batch(message("m-1", "a"), message("m-2", "b")), batch(message("m-3", "a")))

    assert routed(groups) == {
        (QUEUE, "dag_a"): [("m-1", "h"), ("m-3", "h")],
        (QUEUE, "dag_b"): [("m-2", "h")],
    }


def test_a_message_that_came_twice_is_settled_by_its_newest_delivery() -> None:
    groups = route(batch(message("m-1", "a", "old"), message("m-2", "a")), batch(message("m-1", "a", "new")))

    assert routed(groups) == {(QUEUE, "dag_a"): [("m-1", "new"), ("m-2", "h")]}


def test_messages_are_settled_on_the_queue_that_they_came_from() -> None:
    groups = route(batch(message("m-1", "a"), queue_url="https://sqs/1/old"), batch(message("m-2", "a")))

    assert set(routed(groups)) == {("https://sqs/1/old", "dag_a"), (QUEUE, "dag_a")}


def test_the_trigger_is_told_up_to_when_this_run_took_its_events() -> None:
    store = Store()

    route(batch(message("m-1", "a"), received_at=4e9), batch(received_at=4e9 + 2), store=store)

    assert store == {"taken_up_to": 4e9 + 2}


def test_it_is_told_before_anything_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the run answers for the messages, even if it fails: then they come back."""
    configure(monkeypatch, QUEUE, routes=[])
    store = Store()

    with pytest.raises(ConfigError, match="routes"):
        route(batch(message("m-1", "a"), received_at=4e9), store=store)

    assert store == {"taken_up_to": 4e9}


def test_a_reminder_starts_nothing() -> None:
    assert route(MessagesEvent.reminder(QUEUE)) == []


def test_a_run_that_somebody_started_by_hand_starts_nothing() -> None:
    context = {"triggering_asset_events": {}, "asset_state_store": {}}

    assert task().execute(context) == []


def test_what_somebody_must_mend_fails_it_without_a_retry() -> None:
    with pytest.raises(AirflowFailException, match="There is no queue"):
        route(MessagesEvent.failure("", "There is no queue"))


def test_trouble_that_is_over_keeps_no_message_waiting() -> None:
    groups = route(MessagesEvent.failure("", "There is no queue"), batch(message("m-1", "a")))

    assert set(routed(groups)) == {(QUEUE, "dag_a")}


def test_for_what_there_is_no_room_goes_back(
    sqs: Any, queue_url: str, counts: Counts, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, queue_url, routes=ROUTES, max_queued_runs=4)
    supervisor.queued = {"dag_b": 3}
    sqs.send_message(QueueUrl=queue_url, MessageBody='{"partner": "a"}')
    (received,) = sqs.receive_message(QueueUrl=queue_url)["Messages"]

    assert route(batch(Message.from_sqs(received), queue_url=queue_url)) == []
    assert counts(queue_url) == (1, 0)


@pytest.mark.parametrize(("age", "kept"), [(0, False), (40, True)])
def test_a_batch_that_took_long_to_get_here_is_kept_for_longer(
    sqs: Any, queue_url: str, age: float, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its launches will have to wait as well; in the usual case the call is saved."""
    configure(monkeypatch, queue_url, routes=ROUTES)
    sqs.send_message(QueueUrl=queue_url, MessageBody='{"partner": "a"}')
    (received,) = sqs.receive_message(QueueUrl=queue_url, VisibilityTimeout=2)["Messages"]
    event = batch(Message.from_sqs(received), queue_url=queue_url)
    event.payload["received_at"] -= age

    route(event)

    assert ("Messages" not in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=4)) is kept


def test_a_single_group_it_launches_itself(
    sqs: Any, queue_url: str, counts: Counts, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, queue_url, routes=ROUTES)
    supervisor.dag_ids = {"dag_a"}
    sqs.send_message(QueueUrl=queue_url, MessageBody='{"partner": "a"}')
    (received,) = sqs.receive_message(QueueUrl=queue_url)["Messages"]

    assert route(batch(Message.from_sqs(received), queue_url=queue_url), launch_at_once=True) == []
    assert [dag_id for dag_id, _ in supervisor.runs] == ["dag_a"]
    assert counts(queue_url) == (0, 0)
