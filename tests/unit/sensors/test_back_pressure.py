"""The sensor while the DAGs hold too many queued runs."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from airflow.sdk.execution_time import task_runner

from airflow_provider_hybrid.operators.launch import LaunchDagRunsOperator
from airflow_provider_hybrid.routing.delivery import load_deliveries
from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
from airflow_provider_hybrid.triggers.event import MessagesEvent, read_messages
from tests.harness.dispatching import CONTEXT
from tests.harness.proxy import Proxy
from tests.harness.receiving import receive
from tests.harness.redriving import redrive
from tests.harness.supervisor import Supervisor
from tests.harness.versions import TaskDeferred

Counts = Callable[[str], tuple[int, int]]
LIMIT = 10


@pytest.fixture
def configure(queue_url: str, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the dispatcher's Variable: routes to these DAGs, each of which wants every event."""

    def set_variable(*dag_ids: str, **changes: Any) -> None:
        document = {
            "queue_url": queue_url,
            "wait_time_seconds": 1,
            "max_queued_runs": LIMIT,
            "routes": [
                {"name": f"r{place}", "event_pattern": {"source": [{"prefix": ""}]}, "trigger_dag_id": dag_id}
                for place, dag_id in enumerate(dag_ids)
            ],
        }
        monkeypatch.setenv("AIRFLOW_VAR_HYBRID_DISPATCHER", json.dumps(document | changes))

    set_variable("dag")
    return set_variable


def send(sqs: Any, queue_url: str, number: int, **body: str) -> None:
    for place in range(number):
        text = json.dumps({"number": place, **body})
        sqs.send_message(QueueUrl=queue_url, MessageBody=text)


def received(sqs: Any, queue_url: str) -> dict[str, Any]:
    """Receive all of a queue, and return what a trigger would yield."""
    visible = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["ApproximateNumberOfMessages"])
    number = int(visible["Attributes"]["ApproximateNumberOfMessages"])
    messages = receive(sqs, queue_url, number)
    payload: dict[str, Any] = asyncio.run(MessagesEvent.batch(queue_url, messages)).payload
    return payload


def runs(groups: list[dict[str, Any]]) -> int:
    return sum(
        len(delivery.launches) for group in groups for delivery in load_deliveries(group["deliveries"])
    )


def sensor(**arguments: Any) -> SqsEventSensor:
    return SqsEventSensor(task_id="listen", **arguments)


def test_full_it_takes_nothing_and_lets_the_trigger_wait(
    configure: Any, supervisor: Supervisor, sqs: Any, queue_url: str, counts: Counts
) -> None:
    send(sqs, queue_url, 3)
    supervisor.queued = {"dag": 6}

    with pytest.raises(TaskDeferred) as deferred:
        sensor().execute(CONTEXT)

    assert counts(queue_url) == (3, 0)
    assert deferred.value.trigger.serialize()[1]["dag_ids"] == [], "the trigger knows what the routes name"


def test_full_it_pokes_in_vain(
    configure: Any, supervisor: Supervisor, sqs: Any, queue_url: str, counts: Counts
) -> None:
    send(sqs, queue_url, 3)
    supervisor.queued = {"dag": 6}
    poking = sensor(deferrable=False)

    assert not poking.poke(CONTEXT).is_done
    assert counts(queue_url) == (3, 0)

    supervisor.queued = {"dag": 5}
    assert poking.poke(CONTEXT).is_done


def test_it_takes_no_more_than_fills_the_room(
    configure: Any, supervisor: Supervisor, sqs: Any, queue_url: str
) -> None:
    send(sqs, queue_url, 15)
    supervisor.queued = {"dag": 3}

    assert runs(sensor().execute(CONTEXT)) == 7


def test_it_takes_no_more_than_fills_the_room_by_the_runs_that_messages_ask_for(
    configure: Any, supervisor: Supervisor, sqs: Any, queue_url: str, counts: Counts
) -> None:
    """And so hands none back: SQS counts how often it hands a message out."""
    configure("dag", "other", "third", max_queued_runs=20)
    send(sqs, queue_url, 40)

    assert runs(sensor().execute(CONTEXT)) == 60
    assert counts(queue_url) == (20, 20)
    rest = read_messages(received(sqs, queue_url))
    assert {message.receive_count for message in rest} == {1}


def test_what_all_together_leave_no_room_for_goes_back_at_once(
    configure: Any, supervisor: Supervisor, sqs: Any, queue_url: str, counts: Counts
) -> None:
    configure("dag", "other", max_queued_runs_total=10)
    send(sqs, queue_url, 9)
    supervisor.queued = {"dag": 2, "other": 1}

    groups = sensor().execute_complete(CONTEXT, received(sqs, queue_url))

    assert runs(groups) == 8, "a message is launched whole"
    assert counts(queue_url) == (5, 4)


def test_what_a_full_dag_has_no_room_for_waits_and_the_others_start_at_once(
    configure: Any,
    supervisor: Supervisor,
    sqs: Any,
    queue_url: str,
    counts: Counts,
    caplog: pytest.LogCaptureFixture,
) -> None:
    configure("dag_{{ event.detail.partner }}")
    supervisor.dag_ids = {"dag_full", "dag_free"}
    supervisor.queued = {"dag_full": 8}
    send(sqs, queue_url, 5, partner="full")
    send(sqs, queue_url, 4, partner="free")
    payload = received(sqs, queue_url)

    with caplog.at_level(logging.INFO):
        assert sensor(launch_at_once=True).execute_complete(CONTEXT, payload) == []

    assert Counter(dag_id for dag_id, _ in supervisor.runs) == {"dag_full": 2, "dag_free": 4}
    assert counts(queue_url) == (0, 3), "they do not come back at once"
    (lines,) = [xcom.value for xcom in supervisor.xcoms if "_waiting_" in xcom.key]
    assert all("dag_full: 8)" in line["reason"] for line in lines)
    assert all(59 <= line["returns_at"] - line["settled_at"] <= 121 for line in lines)
    assert "dag_full: 8" in caplog.text


def test_an_event_for_a_full_dag_starts_its_other_runs_at_once_and_waits_for_the_rest(
    configure: Any, supervisor: Supervisor, sqs: Any, queue_url: str, counts: Counts
) -> None:
    """Both where the sensor launches, and where a task of its own does."""
    configure("dag", "other")
    supervisor.dag_ids = {"dag", "other"}
    supervisor.queued = {"dag": 10}
    send(sqs, queue_url, 1)
    payload = received(sqs, queue_url)

    (group,) = sensor().execute_complete(CONTEXT, payload)
    LaunchDagRunsOperator(task_id="launch", **group).execute(CONTEXT)
    assert sensor(launch_at_once=True).execute_complete(CONTEXT, payload) == []

    assert [dag_id for dag_id, _ in supervisor.runs] == ["other"]
    assert counts(queue_url) == (0, 1)


@pytest.mark.parametrize(("receives", "starts"), [(3, False), (4, True)])
def test_before_sqs_would_make_a_dead_letter_of_it_a_message_is_launched_though_its_dag_is_full(
    configure: Any,
    supervisor: Supervisor,
    sqs: Any,
    queue_url: str,
    dead_letter_queue_url: str,
    counts: Counts,
    receives: int,
    starts: bool,
) -> None:
    redrive(sqs, queue_url, dead_letter_queue_url, 5)
    supervisor.dag_ids = {"dag"}
    supervisor.queued = {"dag": 20}
    send(sqs, queue_url, 1)
    for _ in range(receives - 1):
        sqs.receive_message(QueueUrl=queue_url, VisibilityTimeout=0)

    sensor(launch_at_once=True).execute_complete(CONTEXT, received(sqs, queue_url))

    assert len(supervisor.runs) == starts
    assert counts(queue_url) == (0, not starts)
    assert counts(dead_letter_queue_url) == (0, 0)


def test_where_sqs_does_not_tell_how_often_a_message_comes_back_it_does_not_wait(
    configure: Any, supervisor: Supervisor, sqs: Any, queue_url: str, proxy: Proxy
) -> None:
    supervisor.dag_ids = {"dag"}
    supervisor.queued = {"dag": 20}
    send(sqs, queue_url, 1)
    payload = received(sqs, queue_url)

    with proxy.fail("GetQueueAttributes", "AccessDenied", 403):
        sensor(launch_at_once=True).execute_complete(CONTEXT, payload)

    assert len(supervisor.runs) == 1


def test_a_route_may_have_a_limit_of_its_own(
    configure: Any, supervisor: Supervisor, sqs: Any, queue_url: str
) -> None:
    route = {"event_pattern": {"source": [{"prefix": ""}]}}
    configure(
        routes=[
            {**route, "name": "few", "trigger_dag_id": "few", "max_queued_runs": 2},
            {**route, "name": "many", "trigger_dag_id": "many"},
        ]
    )
    send(sqs, queue_url, 5)

    groups = sensor().execute_complete(CONTEXT, received(sqs, queue_url))

    assert runs(groups) == 7


def test_a_route_may_have_the_only_limit(
    configure: Any, supervisor: Supervisor, sqs: Any, queue_url: str
) -> None:
    route = {"name": "few", "event_pattern": {"source": [{"prefix": ""}]}, "trigger_dag_id": "few"}
    configure(routes=[{**route, "max_queued_runs": 2}], max_queued_runs=None)
    send(sqs, queue_url, 5)

    assert runs(sensor().execute_complete(CONTEXT, received(sqs, queue_url))) == 2


def test_a_batch_that_is_taken_at_once_costs_one_count_per_dag(
    configure: Any, supervisor: Supervisor, sqs: Any, queue_url: str
) -> None:
    configure("dag", "dag", "dag_{{ event.detail.partner }}", "other")
    send(sqs, queue_url, 1, partner="x")

    assert runs(sensor().execute(CONTEXT)) == 4
    assert sorted(supervisor.counted) == ["dag", "dag_x", "other"]


def test_a_dag_that_only_the_message_names_counts_too(
    configure: Any, supervisor: Supervisor, sqs: Any, queue_url: str, counts: Counts
) -> None:
    """Full, its messages go back, and the trigger waits with the name that is now known."""
    configure("dag_{{ event.detail.partner }}", "dag", max_queued_runs_total=10)
    send(sqs, queue_url, 4, partner="x")
    supervisor.queued = {"dag_x": 6}

    with pytest.raises(TaskDeferred) as deferred:
        sensor().execute(CONTEXT)

    assert deferred.value.trigger.serialize()[1]["dag_ids"] == ["dag_x"]
    assert counts(queue_url) == (4, 0)


def test_a_dag_of_a_route_that_is_switched_off_does_not_count(
    configure: Any, supervisor: Supervisor, sqs: Any, queue_url: str
) -> None:
    route = {"event_pattern": {"source": [{"prefix": ""}]}}
    off = {**route, "name": "off", "trigger_dag_id": "full", "enabled": False}
    configure(routes=[{**route, "name": "on", "trigger_dag_id": "dag"}, off])
    send(sqs, queue_url, 1)
    supervisor.queued = {"full": 99}

    assert runs(sensor().execute(CONTEXT)) == 1


def test_without_a_limit_nothing_is_counted(
    configure: Any, monkeypatch: pytest.MonkeyPatch, sqs: Any, queue_url: str
) -> None:
    monkeypatch.delattr(task_runner, "SUPERVISOR_COMMS")
    configure("dag", max_queued_runs=None)
    send(sqs, queue_url, 15)

    assert runs(sensor().execute(CONTEXT)) == 15
