"""A single small group is launched by the task that made it, in either form of the dispatcher."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import AirflowFailException
from airflow.sdk.execution_time import task_runner
from botocore.exceptions import ClientError

from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.launching.launcher import Launcher
from airflow_provider_hybrid.launching.link import LaunchedRunsLink
from airflow_provider_hybrid.queues.hook import open_client
from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
from tests.unit.dispatching import CONTEXT, configure
from tests.unit.supervisor import Supervisor

Counts = Callable[[str], tuple[int, int]]
ROUTES = [
    {"name": name, "event_pattern": {"detail": {"partner": [name]}}, "trigger_dag_id": f"dag_{name}"}
    for name in ("a", "b")
]


@pytest.fixture
def supervisor(monkeypatch: pytest.MonkeyPatch) -> Supervisor:
    supervisor = Supervisor({"dag_a", "dag_b"})
    monkeypatch.setattr(task_runner, "SUPERVISOR_COMMS", supervisor, raising=False)
    return supervisor


@pytest.fixture
def send(
    sqs: Any, queue_url: str, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Send a message for each of some partners, to a dispatcher with a route to each partner's DAG."""
    configure(monkeypatch, queue_url, routes=ROUTES)

    def send_to(partners: str) -> None:
        for partner in partners:
            sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps({"partner": partner}))

    return send_to


def sensor(launch_at_once: int = 3) -> SqsEventSensor:
    return SqsEventSensor(task_id="listen", launch_at_once=launch_at_once)


def test_a_small_group_is_launched_and_settled_and_nothing_is_left_to_launch(
    send: Callable[[str], None], supervisor: Supervisor, queue_url: str, counts: Counts
) -> None:
    send("aaa")
    task = sensor()

    assert task.execute(CONTEXT) == []
    assert [dag_id for dag_id, _ in supervisor.runs] == ["dag_a"] * 3
    assert counts(queue_url) == (0, 0)
    assert "/dags/dag_a/runs?" in LaunchedRunsLink().get_link(task, ti_key=None)


@pytest.mark.parametrize(("partners", "groups"), [("aaaa", 1), ("ab", 2)])
def test_a_larger_group_and_several_groups_are_left_to_tasks_of_their_own(
    send: Callable[[str], None],
    supervisor: Supervisor,
    queue_url: str,
    counts: Counts,
    partners: str,
    groups: int,
) -> None:
    send(partners)

    assert len(sensor().execute(CONTEXT)) == groups
    assert not supervisor.runs
    assert counts(queue_url) == (0, len(partners))


def test_nothing_is_launched_at_once_unless_it_is_asked_for(
    send: Callable[[str], None], supervisor: Supervisor
) -> None:
    send("a")

    assert len(SqsEventSensor(task_id="listen").execute(CONTEXT)) == 1
    assert not supervisor.runs


def test_what_fails_is_told_as_by_a_task_of_its_own(
    send: Callable[[str], None], supervisor: Supervisor, queue_url: str, counts: Counts
) -> None:
    supervisor.dag_ids.clear()
    send("a")

    with pytest.raises(AirflowFailException, match="DAG 'dag_a' does not start"):
        sensor().execute(CONTEXT)

    assert counts(queue_url) == (0, 1)


def test_stopped_it_gives_the_messages_back_at_once(
    send: Callable[[str], None], queue_url: str, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    send("aa")
    task = sensor()

    class Stopping(Supervisor):
        def send(self, request: Any) -> Any:
            answer = super().send(request)
            task.on_kill()
            return answer

    monkeypatch.setattr(task_runner, "SUPERVISOR_COMMS", Stopping({"dag_a"}), raising=False)

    with pytest.raises(LaunchError, match="was stopped"):
        task.execute(CONTEXT)

    assert counts(queue_url) == (2, 0)


def test_where_sqs_does_not_delete_it_fails_without_another_try(
    send: Callable[[str], None], queue_url: str, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another try would wait for other messages."""
    client = open_client(queue_url, "aws_default", None)

    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DeleteMessageBatch")

    monkeypatch.setattr(client, "delete_message_batch", refuse)
    monkeypatch.setattr(Launcher, "_client", client)
    send("a")

    with pytest.raises(AirflowFailException, match="allow sqs:DeleteMessage on"):
        sensor().execute(CONTEXT)

    assert len(supervisor.runs) == 1
