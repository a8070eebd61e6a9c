"""The sensor: what it waits with, and what it returns."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any

import airflow
import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import ConfigError, QueueError
from airflow_provider_hybrid.routing.delivery import load_deliveries
from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
from airflow_provider_hybrid.triggers.event import MessagesEvent
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
from tests.harness.dispatching import CONTEXT
from tests.harness.supervisor import Supervisor
from tests.harness.versions import TaskDeferred
from tests.unit.conftest import connection

Configure = Callable[..., None]


pytestmark = pytest.mark.usefixtures("supervisor")


@pytest.fixture
def configure(queue_url: str, monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Set the dispatcher's Variable."""

    def set_variable(**changes: Any) -> None:
        document = {
            "queue_url": queue_url,
            "routes": [
                {
                    "name": name,
                    "event_pattern": {"detail": {"partner": [name]}},
                    "trigger_dag_id": f"dag_{name}",
                }
                for name in ("a", "b")
            ],
        }
        monkeypatch.setenv("AIRFLOW_VAR_HYBRID_DISPATCHER", json.dumps(document | changes))

    set_variable()
    return set_variable


def sensor(**arguments: Any) -> SqsEventSensor:
    return SqsEventSensor(task_id="listen", **arguments)


def event(*bodies: str) -> dict[str, Any]:
    messages = [Message(f"m-{index}", body, receipt_handle="h") for index, body in enumerate(bodies)]
    payload: dict[str, Any] = asyncio.run(MessagesEvent.batch("https://sqs/1/events", messages)).payload
    return payload


def test_it_waits_with_a_trigger_that_reads_the_variable_by_itself(configure: Configure) -> None:
    with pytest.raises(TaskDeferred) as deferred:
        sensor(config_variable="hybrid_dispatcher").execute(CONTEXT)

    assert deferred.value.method_name == "execute_complete"
    assert deferred.value.trigger.serialize() == (
        "airflow_provider_hybrid.triggers.sqs.SqsEventTrigger",
        {"config_variable": "hybrid_dispatcher", "dag_ids": [], "delay_seconds": 5},
    )


@pytest.mark.parametrize(
    ("version", "begins"),
    [("3.0.6", True), ("3.1.8", False), ("3.2.2", False), ("3.3.2", True), ("4.0.0", True)],
)
def test_it_begins_in_the_triggerer_where_airflow_can(
    monkeypatch: pytest.MonkeyPatch, version: str, begins: bool
) -> None:
    monkeypatch.setattr(airflow, "__version__", version)

    waiting = sensor(config_variable="orders")

    assert waiting.start_from_trigger is begins
    if begins:
        assert waiting.start_trigger_args is not None
        trigger = resolve_name(waiting.start_trigger_args.trigger_cls)(
            **(waiting.start_trigger_args.trigger_kwargs or {})
        )
        assert trigger.serialize() == SqsEventTrigger("orders").serialize()
        assert waiting.start_trigger_args.next_method == "execute_complete"


def test_without_deferral_it_begins_on_a_worker() -> None:
    assert not sensor(deferrable=False).start_from_trigger


def test_it_returns_one_group_per_dag(configure: Configure) -> None:
    configure(dead_letter_queue_url="https://sqs/1/dead")

    groups = sensor().execute_complete(
        CONTEXT, event('{"partner": "a"}', "rubbish", '{"partner": "b"}', '{"partner": "a"}')
    )

    assert [
        (group["trigger_dag_id"], [d.message.message_id for d in load_deliveries(group["deliveries"])])
        for group in groups
    ] == [("", ["m-1"]), ("dag_a", ["m-0", "m-3"]), ("dag_b", ["m-2"])]
    assert {group["dead_letter_queue_url"] for group in groups} == {"https://sqs/1/dead"}


def test_messages_are_settled_on_the_queue_that_they_came_from(configure: Configure) -> None:
    (group,) = sensor().execute_complete(CONTEXT, event('{"partner": "a"}'))

    assert group["queue_url"] == "https://sqs/1/events"


def test_what_an_event_is_called_means_nothing_to_airflow(configure: Configure) -> None:
    """Airflow's own serialization reads a meaning into some keys; text has none."""
    body = '{"partner": "a", "__classname__": "os.system", "__type": "x", "__var": 1}'

    (group,) = sensor().execute_complete(CONTEXT, event(body))

    assert isinstance(group["deliveries"], str)
    (delivery,) = load_deliveries(group["deliveries"])
    assert delivery.launches[0].conf["detail"]["__classname__"] == "os.system"


def test_an_empty_batch_makes_it_take_what_there_is_room_for(
    configure: Configure, sqs: Any, queue_url: str
) -> None:
    sqs.send_message(QueueUrl=queue_url, MessageBody='{"partner": "a"}')

    (group,) = sensor().execute_complete(CONTEXT, event())

    assert group["trigger_dag_id"] == "dag_a"


def test_what_is_there_already_is_taken_at_once(configure: Configure, sqs: Any, queue_url: str) -> None:
    for partner in "aab":
        sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps({"partner": partner}))

    groups = sensor().execute(CONTEXT)

    assert [(group["trigger_dag_id"], len(load_deliveries(group["deliveries"]))) for group in groups] == [
        ("dag_a", 2),
        ("dag_b", 1),
    ]


def test_a_queue_that_does_not_answer_is_left_to_the_trigger(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection("http://127.0.0.1:9"))

    with pytest.raises(TaskDeferred):
        sensor().execute(CONTEXT)


def test_a_queue_that_is_not_there_fails_it_at_once(configure: Configure, queue_url: str) -> None:
    configure(queue_url=f"{queue_url}-not")

    with pytest.raises(QueueError, match="There is no queue"):
        sensor().execute(CONTEXT)


def test_the_trigger_waits_until_airflow_knows_that_the_first_process_ended(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL", "2")

    with pytest.raises(TaskDeferred) as deferred:
        sensor().execute(CONTEXT)

    assert deferred.value.trigger.serialize()[1]["delay_seconds"] == 2


def test_what_the_trigger_could_not_mend_is_its_error(configure: Configure) -> None:
    with pytest.raises(QueueError, match="There is no queue"):
        sensor().execute_complete(CONTEXT, MessagesEvent.failure("There is no queue").payload)


def test_the_error_because_of_which_it_fails_is_written_down(
    configure: Configure, supervisor: Supervisor
) -> None:
    with pytest.raises(QueueError, match="There is no queue"):
        sensor().execute_complete(CONTEXT, MessagesEvent.failure("There is no queue").payload)

    (xcom,) = supervisor.xcoms
    assert xcom.key.startswith("hybrid_error_2")
    assert xcom.value == "There is no queue"


def test_a_wrong_configuration_fails_it_before_it_waits(configure: Configure) -> None:
    configure(routes=[])

    with pytest.raises(ConfigError, match="routes"):
        sensor().execute(CONTEXT)


def test_each_sensor_has_a_variable_of_its_own(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_OTHER", "rubbish")

    with pytest.raises(ConfigError, match=r"'other' has 1 fault\(s\):\n- it is not JSON"):
        sensor(config_variable="other").execute(CONTEXT)


def test_without_deferral_it_pokes(configure: Configure, sqs: Any, queue_url: str) -> None:
    configure(wait_time_seconds=1)
    poking = sensor(deferrable=False)

    assert not poking.poke(CONTEXT).is_done

    sqs.send_message(QueueUrl=queue_url, MessageBody='{"partner": "b"}')
    found = poking.poke(CONTEXT)

    assert found.is_done
    assert [group["trigger_dag_id"] for group in found.xcom_value] == ["dag_b"]  # type: ignore[union-attr]


@pytest.mark.parametrize(("age", "comes_back"), [(0, True), (40, False)])
def test_a_batch_that_took_long_to_get_here_is_kept_for_longer(
    configure: Configure, sqs: Any, queue_url: str, age: float, comes_back: bool
) -> None:
    """Its launches will have to wait as well; in the usual case the call is saved."""
    sqs.send_message(QueueUrl=queue_url, MessageBody='{"partner": "a"}')
    (received,) = sqs.receive_message(QueueUrl=queue_url, VisibilityTimeout=2)["Messages"]
    payload = asyncio.run(MessagesEvent.batch(queue_url, [Message.from_sqs(received)])).payload

    sensor().execute_complete(CONTEXT, {**payload, "received_at": payload["received_at"] - age})

    assert ("Messages" in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=4)) is comes_back


def test_a_message_group_of_a_fifo_queue_is_one_launch(configure: Configure) -> None:
    messages = [
        Message(f"m-{number}", f'{{"partner": "{partner}"}}', {"MessageGroupId": "customer-7"})
        for number, partner in enumerate("abba")
    ]

    (group,) = sensor().execute_complete(
        CONTEXT, asyncio.run(MessagesEvent.batch("https://sqs/1/events.fifo", messages)).payload
    )

    assert group["trigger_dag_id"] == "dag_a, dag_b"
    assert [d.message.message_id for d in load_deliveries(group["deliveries"])] == [
        "m-0",
        "m-1",
        "m-2",
        "m-3",
    ]
