"""The sensor and what waits for its time: it goes back to the queue until it is due."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
from airflow_provider_hybrid.triggers.event import MessagesEvent
from airflow_provider_hybrid.triggers.timing import Timing
from tests.harness.dispatching import CONTEXT, configure
from tests.harness.receiving import receive
from tests.harness.supervisor import Supervisor

Counts = Callable[[str], tuple[int, int]]
LONG = 11 * 3600
PATTERN: dict[str, Any] = {"event_pattern": {"detail": {"n": [{"exists": True}]}}}
WINDOW: dict[str, Any] = {
    **PATTERN,
    "name": "files",
    "trigger_dag_id": "files",
    "conf": {"n": "{{ event.detail.n }}"},
    "batch": {"max_events": 100, "window_seconds": LONG, "key": "all"},
}
DELAY: dict[str, Any] = {**PATTERN, "name": "later", "trigger_dag_id": "later", "delay_seconds": 3600}
PACE: dict[str, Any] = {**PATTERN, "name": "calls", "trigger_dag_id": "calls", "max_runs_per_minute": 2}


@pytest.fixture(autouse=True)
def dags(supervisor: Supervisor) -> None:
    supervisor.dag_ids |= {"files", "later", "calls"}


@pytest.fixture
def dispatch(sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a sensor go on with some messages, which were sent so many seconds ago, by some routes."""

    def dispatch(*routes: dict[str, Any], number: int = 1, sent_ago: float = 0) -> None:
        configure(monkeypatch, queue_url, routes=list(routes))
        for n in range(number):
            sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps({"n": n}))
        messages = [sent(message, sent_ago) for message in receive(sqs, queue_url, number)]
        event = asyncio.run(MessagesEvent.batch(queue_url, messages))
        task = SqsEventSensor(task_id="listen", launch_at_once=True)
        task.timing = Timing(next_message=0)
        assert task.execute_complete(CONTEXT, event.payload) == []

    return dispatch


def sent(message: Message, ago: float) -> Message:
    """Return a message that SQS got some time ago."""
    milliseconds = int((time.time() - ago) * 1000)
    return replace(message, attributes={**message.attributes, "SentTimestamp": str(milliseconds)})


def lines(supervisor: Supervisor, outcome: str) -> list[dict[str, Any]]:
    prefix = f"hybrid_record_{outcome}"
    return [line for xcom in supervisor.xcoms if xcom.key.startswith(prefix) for line in xcom.value]


def test_what_waits_for_the_end_of_its_window_goes_back_until_then(
    dispatch: Callable[..., None], supervisor: Supervisor, queue_url: str, counts: Counts
) -> None:
    dispatch(WINDOW, number=3)

    assert not supervisor.runs
    assert counts(queue_url) == (0, 3)
    waiting = lines(supervisor, "waiting")
    assert len(waiting) == 3
    for line in waiting:
        assert "as its window ends at" in line["reason"]
        assert 0 < line["returns_at"] - time.time() < LONG + 3
        assert [(run["route"], run.get("outcome")) for run in line["runs"]] == [("files", None)]


def test_a_window_that_has_ended_is_one_run_and_its_messages_are_deleted(
    dispatch: Callable[..., None], supervisor: Supervisor, queue_url: str, counts: Counts
) -> None:
    dispatch(WINDOW, number=3, sent_ago=2 * LONG)

    (run,) = supervisor.runs.values()
    assert sorted(event["n"] for event in run.conf["events"]) == [0, 1, 2]
    assert run.conf["window"].keys() == {"from", "to", "key"}
    assert run.conf["window"]["key"] == "all"
    assert counts(queue_url) == (0, 0)


def test_a_message_waits_for_its_last_run_and_starts_the_others_when_they_are_due(
    dispatch: Callable[..., None], supervisor: Supervisor, queue_url: str, counts: Counts
) -> None:
    at_once = {**PATTERN, "name": "calls", "trigger_dag_id": "calls"}

    dispatch(at_once, DELAY)

    assert [dag_id for dag_id, _ in supervisor.runs] == ["calls"]
    assert counts(queue_url) == (0, 1)
    (line,) = lines(supervisor, "waiting")
    assert 3500 < line["returns_at"] - time.time() < 3602
    assert [(run["route"], run.get("outcome")) for run in line["runs"]] == [
        ("calls", "started"),
        ("later", None),
    ]


def test_a_delay_that_is_over_delays_nothing(
    dispatch: Callable[..., None], supervisor: Supervisor, queue_url: str, counts: Counts
) -> None:
    dispatch(DELAY, sent_ago=3601)

    assert [dag_id for dag_id, _ in supervisor.runs] == ["later"]
    assert counts(queue_url) == (0, 0)


def test_what_sqs_would_not_hand_out_again_does_not_wait(
    dispatch: Callable[..., None],
    supervisor: Supervisor,
    sqs: Any,
    queue_url: str,
    dead_letter_queue_url: str,
    counts: Counts,
) -> None:
    answer = sqs.get_queue_attributes(QueueUrl=dead_letter_queue_url, AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": answer["Attributes"]["QueueArn"], "maxReceiveCount": 1}
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": json.dumps(policy)})

    dispatch(WINDOW, DELAY)

    assert sorted(dag_id for dag_id, _ in supervisor.runs) == ["files", "later"]
    assert counts(queue_url) == (0, 0)


def test_a_route_keeps_its_pace_from_one_task_to_the_next(
    dispatch: Callable[..., None], supervisor: Supervisor, queue_url: str, counts: Counts
) -> None:
    dispatch(PACE, number=2)
    dispatch(PACE, number=1)

    assert len(supervisor.runs) == 1
    assert counts(queue_url) == (0, 2)
    assert {line["reason"].partition(" is due at ")[0] for line in lines(supervisor, "waiting")} == {
        "the run of route 'calls'"
    }
    first, second = sorted(line["returns_at"] for line in lines(supervisor, "waiting"))
    assert 20 < second - first < 40
    assert json.loads(supervisor.variables["hybrid_paces_partner-events"]).keys() == {"calls"}


@pytest.mark.parametrize("stored", ["rubbish", "[]", '{"calls": {"unknown": 1}}'])
def test_paces_that_cannot_be_read_begin_anew(
    dispatch: Callable[..., None], supervisor: Supervisor, stored: str
) -> None:
    supervisor.variables["hybrid_paces_partner-events"] = stored

    dispatch(PACE)

    assert len(supervisor.runs) == 1
