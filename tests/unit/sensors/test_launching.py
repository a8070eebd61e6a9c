"""Few runs are started by the task that listens."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from airflow.sdk.execution_time.comms import GetTICount, SetXCom, TICount, TriggerDagRun
from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

from airflow_provider_hybrid import build_dispatcher
from airflow_provider_hybrid.dispatch.plan import FEW
from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.links.launched_runs import LaunchedRunsLink
from airflow_provider_hybrid.routing.delivery import load_deliveries
from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
from airflow_provider_hybrid.triggers.timing import Timing
from tests.harness.dispatching import CONTEXT, configure, receive_events
from tests.harness.proxy import Answer, Proxy, Request
from tests.harness.supervising import Eventful, supervise
from tests.harness.supervisor import Supervisor
from tests.harness.versions import AirflowFailException, needs_tasks_that_know_dags

Counts = Callable[[str], tuple[int, int]]
Busy = Callable[[list[str], Callable[[str], None]], Supervisor]
ROUTES = [
    {"name": name, "event_pattern": {"detail": {"partner": [name]}}, "trigger_dag_id": f"dag_{name}"}
    for name in ("a", "b")
]


@pytest.fixture(autouse=True)
def dags(supervisor: Supervisor) -> None:
    supervisor.dag_ids |= {"dag_a", "dag_b"}


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


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Busy:
    """Let something happen with each of the first runs that start."""

    def put(partners: list[str], happens: Callable[[str], None]) -> Supervisor:
        def go_on(msg: Any) -> None:
            if isinstance(msg, TriggerDagRun) and partners:
                happens(partners.pop(0))

        return supervise(monkeypatch, Eventful({"dag_a", "dag_b"}, go_on))

    return put


def sensor(**times: float) -> SqsEventSensor:
    """Make one that waits for the next message of a stream for a second."""
    task = SqsEventSensor(task_id="listen", launch_at_once=True)
    task.timing = Timing(**{"next_message": 1, **times})
    return task


def messages_in(arguments: dict[str, Any]) -> int:
    """Count the messages of a group; moto may hand one out twice to receives side by side."""
    return len({delivery.message.message_id for delivery in load_deliveries(arguments["deliveries"])})


def test_a_single_group_is_launched_and_settled_and_nothing_is_left_to_launch(
    send: Callable[[str], None], supervisor: Supervisor, queue_url: str, counts: Counts
) -> None:
    send("aaa")
    task = sensor()

    assert task.execute(CONTEXT) == []
    assert [dag_id for dag_id, _ in supervisor.runs] == ["dag_a"] * 3
    assert counts(queue_url) == (0, 0)
    assert "/dags/dag_a/runs?" in LaunchedRunsLink().get_link(task, ti_key=None)


def test_several_groups_are_launched_too_while_they_ask_for_few_runs(
    send: Callable[[str], None], supervisor: Supervisor, queue_url: str, counts: Counts
) -> None:
    send("abba")

    assert sensor().execute(CONTEXT) == []
    assert sorted(dag_id for dag_id, _ in supervisor.runs) == ["dag_a", "dag_a", "dag_b", "dag_b"]
    assert counts(queue_url) == (0, 0)


def test_a_large_group_is_left_to_a_task_of_its_own_and_a_small_one_does_not_wait_for_it(
    send: Callable[[str], None], supervisor: Supervisor, queue_url: str, counts: Counts
) -> None:
    send("b" + "a" * FEW)

    (left,) = sensor().execute(CONTEXT)

    assert (left["trigger_dag_id"], messages_in(left)) == ("dag_a", FEW)
    assert [dag_id for dag_id, _ in supervisor.runs] == ["dag_b"]
    assert counts(queue_url) == (0, FEW)


def test_a_small_group_that_fails_keeps_no_large_one_from_being_handed_on(
    send: Callable[[str], None],
    supervisor: Supervisor,
    queue_url: str,
    counts: Counts,
    caplog: pytest.LogCaptureFixture,
) -> None:
    supervisor.dag_ids.discard("dag_b")
    send("b" + "a" * FEW)

    (left,) = sensor().execute(CONTEXT)

    assert left["trigger_dag_id"] == "dag_a"
    assert "DAG 'dag_b' does not start" in caplog.text
    assert counts(queue_url) == (0, FEW + 1)


def test_while_the_small_groups_take_long_the_large_ones_are_kept(
    send: Callable[[str], None],
    busy: Busy,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else their messages would come back before the tasks begin that launch them."""
    now = time.time
    busy([""], lambda _: monkeypatch.setattr(time, "time", lambda: now() + 100))
    send("b" + "a" * FEW)

    with caplog.at_level(logging.INFO):
        assert len(sensor().execute(CONTEXT)) == 1

    assert re.search(r"Airflow is busy: 10\d message\(s\) are kept for 300 s", caplog.text)


@pytest.fixture
def dispatcher(monkeypatch: pytest.MonkeyPatch) -> SqsEventSensor:
    """The sensor of a dispatcher whose other run launches a burst just now."""
    answer = Supervisor.send

    def send(self: Supervisor, msg: Any) -> Any:
        if isinstance(msg, GetTICount):
            assert (msg.dag_id, msg.task_ids) == ("hybrid_dispatcher", ["launch"])
            return TICount(count=4)
        return answer(self, msg)

    monkeypatch.setattr(Supervisor, "send", send)
    task = build_dispatcher().get_task("listen")
    assert isinstance(task, SqsEventSensor)
    task.timing = Timing(next_message=1)
    return task


def test_while_tasks_launch_a_burst_the_next_burst_waits_and_small_groups_do_not(
    send: Callable[[str], None],
    supervisor: Supervisor,
    queue_url: str,
    counts: Counts,
    dispatcher: SqsEventSensor,
) -> None:
    """Else both runs of the dispatcher would be at work, and nobody would listen."""
    send("b" + "a" * FEW)

    assert dispatcher.execute(CONTEXT) == []
    assert [dag_id for dag_id, _ in supervisor.runs] == ["dag_b"]
    assert counts(queue_url) == (0, FEW)
    (waiting,) = [xcom.value for xcom in supervisor.xcoms if "_waiting_" in xcom.key]
    assert len({line["message_id"] for line in waiting}) == FEW
    assert "the dispatcher starts many other runs" in waiting[0]["reason"]


def test_a_burst_that_may_not_wait_is_handed_on_all_the_same(
    send: Callable[[str], None],
    sqs: Any,
    queue_url: str,
    dispatcher: SqsEventSensor,
) -> None:
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": policy})
    send("b" + "a" * FEW)

    (left,) = dispatcher.execute(CONTEXT)

    assert messages_in(left) == FEW


def test_a_group_that_fails_keeps_no_other_from_being_settled(
    send: Callable[[str], None], supervisor: Supervisor, queue_url: str, counts: Counts
) -> None:
    supervisor.dag_ids.discard("dag_a")
    send("ab")

    with pytest.raises(AirflowFailException, match=r"1 of 2 message\(s\) must stay .*\n.*DAG 'dag_a'"):
        sensor().execute(CONTEXT)

    assert [dag_id for dag_id, _ in supervisor.runs] == ["dag_b"]
    assert counts(queue_url) == (0, 1)


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

    supervise(monkeypatch, Eventful({"dag_a"}, lambda _: task.on_kill()))

    with pytest.raises(LaunchError, match="was stopped"):
        task.execute(CONTEXT)

    assert counts(queue_url) == (2, 0)


def test_what_comes_meanwhile_is_launched_by_the_same_task(
    send: Callable[[str], None], queue_url: str, counts: Counts, busy: Busy
) -> None:
    """In a stream no event waits for the next run of the dispatcher."""
    supervisor = busy(["a", "bb", "a"], send)
    send("a")
    task = sensor()

    assert task.execute(CONTEXT) == []
    assert [dag_id for dag_id, _ in supervisor.runs] == ["dag_a", "dag_a", "dag_b", "dag_b", "dag_a"]
    assert counts(queue_url) == (0, 0)
    assert task.launcher
    assert len(task.launcher.launched) == 5


@pytest.fixture
def waits(proxy: Proxy) -> Iterator[list[int]]:
    """Tell for how many seconds each receive asks SQS to wait."""
    waits: list[int] = []

    def take_note(request: Request, forward: Callable[[Request], Answer]) -> Answer:
        waits.append(json.loads(request.body)["WaitTimeSeconds"])
        return forward(request)

    with proxy.fault("ReceiveMessage", take_note):
        yield waits


@pytest.mark.parametrize(
    ("partners", "is_stream", "at_first"), [("aa", False, 1), ("a", False, 0), ("a", True, 1)]
)
def test_after_waiting_it_stays_awake_for_what_comes_in_numbers_or_in_a_stream(
    send: Callable[[str], None],
    busy: Busy,
    queue_url: str,
    waits: list[int],
    partners: str,
    is_stream: bool,
    at_first: int,
) -> None:
    """For one event now and then it only looks: a worker's slot is worth more."""
    supervisor = busy(["a"], send)
    send(partners)
    (event,) = asyncio.run(receive_events(len(partners)))
    waits.clear()

    assert sensor().execute_complete(CONTEXT, {**event.payload, "is_stream": is_stream}) == []
    assert len(supervisor.runs) == len(partners) + 1
    assert (waits[0], waits[-1]) == (at_first, 1)


@pytest.mark.parametrize(
    ("limits", "runs"),
    [
        ({}, {"dag_a": 11, "dag_b": 3}),
        ({"max_messages": 12}, {"dag_a": 11, "dag_b": 1}),
        ({"max_messages": 11}, {"dag_a": 11}),
        ({"max_queued_runs_total": 13}, {"dag_a": 11, "dag_b": 2}),
        ({"max_queued_runs_total": 11}, {"dag_a": 11}),
    ],
    ids=lambda given: str(given) if given else "no limit",
)
def test_to_a_burst_it_adds_what_came_until_it_resumed(
    send: Callable[[str], None],
    supervisor: Supervisor,
    sqs: Any,
    queue_url: str,
    counts: Counts,
    monkeypatch: pytest.MonkeyPatch,
    limits: dict[str, int],
    runs: dict[str, int],
) -> None:
    """Else it would wait until all of the first are launched, and their tasks have the API to themselves."""
    configure(monkeypatch, queue_url, routes=ROUTES, **limits)
    send("a" * 11)
    (event,) = asyncio.run(receive_events(11))
    send("bbb")

    groups = SqsEventSensor(task_id="listen").execute_complete(CONTEXT, event.payload)

    assert {group["trigger_dag_id"]: len(load_deliveries(group["deliveries"])) for group in groups} == runs
    assert counts(queue_url) == (14 - sum(runs.values()), sum(runs.values()))
    left = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, AttributeNames=["All"])
    assert {message["Attributes"]["ApproximateReceiveCount"] for message in left.get("Messages", [])} <= {"1"}


def test_a_few_do_not_wait_for_another_look(
    send: Callable[[str], None], queue_url: str, counts: Counts
) -> None:
    send("a" * 10)
    (event,) = asyncio.run(receive_events(10))
    send("b")

    (group,) = SqsEventSensor(task_id="listen").execute_complete(CONTEXT, event.payload)

    assert group["trigger_dag_id"] == "dag_a"
    assert counts(queue_url) == (1, 10)


@pytest.mark.parametrize("number", [2, 11])
def test_after_a_change_of_the_queue_it_does_not_go_on(
    send: Callable[[str], None],
    supervisor: Supervisor,
    sqs: Any,
    queue_url: str,
    counts: Counts,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    """A launcher serves one queue."""
    send("a" * number)
    (event,) = asyncio.run(receive_events(number))
    other = sqs.create_queue(QueueName="other")["QueueUrl"]
    sqs.send_message(QueueUrl=other, MessageBody='{"partner": "a"}')
    configure(monkeypatch, other, routes=ROUTES)

    assert sensor().execute_complete(CONTEXT, event.payload) == []
    assert len(supervisor.runs) == number
    assert counts(other) == (1, 0)


@pytest.mark.parametrize(("partners", "runs", "left"), [("a", 1, 1), ("aa", 2, 0)])
def test_what_does_not_fill_a_batch_gathers_until_the_next_run(
    send: Callable[[str], None],
    busy: Busy,
    queue_url: str,
    counts: Counts,
    monkeypatch: pytest.MonkeyPatch,
    partners: str,
    runs: int,
    left: int,
) -> None:
    """Going on would make a run of every event or two."""
    supervisor = busy(["a"], send)
    configure(monkeypatch, queue_url, routes=[{**ROUTES[0], "batch": {"max_events": 2}}])
    send(partners)

    assert sensor().execute(CONTEXT) == []
    assert len(supervisor.runs) == runs
    assert counts(queue_url) == (left, 0)


def test_many_runs_that_come_meanwhile_are_left_to_tasks_of_their_own(
    send: Callable[[str], None],
    queue_url: str,
    counts: Counts,
    busy: Busy,
) -> None:
    supervisor = busy(["b" + "a" * FEW], send)
    send("a")

    assert [group["trigger_dag_id"] for group in sensor().execute(CONTEXT)] == ["dag_a"]
    assert [dag_id for dag_id, _ in supervisor.runs] == ["dag_a", "dag_b"]
    assert counts(queue_url) == (0, FEW)


def test_in_a_stream_what_there_is_no_room_for_goes_back_and_is_not_taken_again_at_once(
    send: Callable[[str], None],
    busy: Busy,
    queue_url: str,
    counts: Counts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each receive counts: SQS would move it to the dead-letter queue."""
    supervisor = busy(["b"], send)
    supervisor.queued = {"dag_b": 6}
    route = {**ROUTES[0], "event_pattern": {"source": [{"prefix": ""}]}}
    route["trigger_dag_id"] = "dag_{{ event.detail.partner }}"
    configure(monkeypatch, queue_url, routes=[route], max_queued_runs_total=10)
    send("a")

    assert sensor().execute(CONTEXT) == []
    assert supervisor.counted.count("dag_b") == 1
    assert counts(queue_url) == (1, 0)


def test_in_a_stream_messages_that_wait_for_a_full_dag_end_nothing(
    send: Callable[[str], None], queue_url: str, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each of them would cost the events for other DAGs a new run of the dispatcher."""
    later = ["b", "a"]

    def go_on(msg: Any) -> None:
        if isinstance(msg, SetXCom) and "_waiting_" in msg.key and later:
            send(later.pop(0))

    supervisor = supervise(monkeypatch, Eventful({"dag_a", "dag_b"}, go_on))
    supervisor.queued = {"dag_b": 10}
    configure(monkeypatch, queue_url, routes=ROUTES, max_queued_runs=10)
    send("b")

    assert sensor().execute(CONTEXT) == []
    assert [dag_id for dag_id, _ in supervisor.runs] == ["dag_a"]
    assert counts(queue_url) == (0, 2)


def test_a_stream_does_not_keep_a_task_for_ever(
    send: Callable[[str], None],
    busy: Busy,
    queue_url: str,
    counts: Counts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy(["a"], send)
    send("a")

    assert sensor(stream=0).execute(CONTEXT) == []
    assert counts(queue_url) == (1, 0)


def test_a_change_of_the_configuration_begins_with_the_next_run(
    send: Callable[[str], None],
    busy: Busy,
    queue_url: str,
    counts: Counts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def change(partner: str) -> None:
        send(partner)
        configure(monkeypatch, queue_url, routes=ROUTES[:1])

    busy(["a"], change)
    send("a")

    assert sensor().execute(CONTEXT) == []
    assert counts(queue_url) == (1, 0)


@pytest.mark.parametrize(
    ("knows", "left"),
    [
        pytest.param(True, 1, id="", marks=needs_tasks_that_know_dags),
        pytest.param(False, 0, id="before Airflow 3.2"),
    ],
)
def test_paused_it_does_not_go_on(
    send: Callable[[str], None],
    busy: Busy,
    queue_url: str,
    counts: Counts,
    monkeypatch: pytest.MonkeyPatch,
    knows: bool,
    left: int,
) -> None:
    task = sensor()

    def pause(partner: str) -> None:
        send(partner)
        supervisor.paused.add(task.dag_id)

    if not knows:
        monkeypatch.delattr(RuntimeTaskInstance, "get_dag", raising=False)
    supervisor = busy(["a"], pause)
    send("a")

    assert task.execute(CONTEXT) == []
    assert counts(queue_url) == (left, 0)


def test_stopped_in_a_stream_it_gives_back_what_comes(
    send: Callable[[str], None], queue_url: str, counts: Counts, busy: Busy
) -> None:
    task = sensor()

    def stop(partner: str) -> None:
        send(partner)
        task.on_kill()

    busy(["a"], stop)
    send("a")

    with pytest.raises(LaunchError, match="was stopped"):
        task.execute(CONTEXT)

    assert counts(queue_url) == (1, 0)


def test_where_sqs_does_not_delete_it_fails_without_another_try(
    send: Callable[[str], None], supervisor: Supervisor, proxy: Proxy
) -> None:
    """Another try would wait for other messages."""
    send("a")

    with (
        proxy.fail("DeleteMessageBatch", "AccessDenied", 403),
        pytest.raises(AirflowFailException, match="allow sqs:DeleteMessage on"),
    ):
        sensor().execute(CONTEXT)

    assert len(supervisor.runs) == 1
