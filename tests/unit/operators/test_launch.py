"""The operator against an SQS over HTTP and an Airflow in memory."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk.execution_time.comms import OKResponse, TriggerDagRun

from airflow_provider_hybrid.documentation import page
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.exceptions import LaunchError, QueueError
from airflow_provider_hybrid.operators.launch import LaunchDagRunsOperator
from airflow_provider_hybrid.routing.delivery import Delivery, dump_deliveries
from airflow_provider_hybrid.routing.launch import Launch
from tests.harness.dispatching import CONTEXT
from tests.harness.proxy import Proxy
from tests.harness.receiving import receive as receive_messages
from tests.harness.redriving import redrive
from tests.harness.supervising import Eventful, supervise
from tests.harness.supervisor import Supervisor
from tests.harness.versions import RUNS_HAVE_NOTES, AirflowFailException

Counts = Callable[[str], tuple[int, int]]
REJECTION = Rejection("MessageParseError", "the body is not JSON")


@pytest.fixture(autouse=True)
def dags(supervisor: Supervisor) -> None:
    supervisor.dag_ids |= {"partner_a", "partner_b"}


@pytest.fixture
def receive(sqs: Any, queue_url: str) -> Callable[[int], list[Message]]:
    """Send so many messages and receive them."""

    def send_and_receive(number: int) -> list[Message]:
        for index in range(number):
            sqs.send_message(QueueUrl=queue_url, MessageBody=f"body {index}")
        return receive_messages(sqs, queue_url, number)

    return send_and_receive


def launch(dag_id: str, run_id: str, **conf: Any) -> Launch:
    return Launch(route="route", trigger_dag_id=dag_id, trigger_run_id=run_id, conf=conf, note="why")


def operator(deliveries: list[Delivery], queue_url: str, **arguments: Any) -> LaunchDagRunsOperator:
    return LaunchDagRunsOperator(
        task_id="launch",
        trigger_dag_id=", ".join(deliveries[0].dag_ids),
        deliveries=dump_deliveries(deliveries),
        queue_url=queue_url,
        **arguments,
    )


def test_it_renders_nothing() -> None:
    assert list(LaunchDagRunsOperator.template_fields) == []


def test_it_starts_every_run_and_then_deletes_the_messages(
    supervisor: Supervisor, receive: Any, queue_url: str, counts: Counts
) -> None:
    conf = {"key": "{{ var.value.secret }}"}
    deliveries = [
        Delivery(message, (launch("partner_a", f"r{index}", **conf), launch("partner_b", f"r{index}")))
        for index, message in enumerate(receive(12))
    ]

    operator(deliveries, queue_url).execute(CONTEXT)

    assert len(supervisor.runs) == 24
    run = supervisor.runs["partner_a", "r0"]
    assert (run.conf, run.logical_date) == (conf, None)
    assert not RUNS_HAVE_NOTES or run.note == "why"
    assert counts(queue_url) == (0, 0)


def test_a_run_that_exists_already_counts_as_started(
    supervisor: Supervisor, receive: Any, queue_url: str, counts: Counts, caplog: pytest.LogCaptureFixture
) -> None:
    deliveries = [Delivery(message, (launch("partner_a", "same"),)) for message in receive(3)]

    with caplog.at_level(logging.INFO):
        operator(deliveries, queue_url).execute(CONTEXT)
        operator(deliveries, queue_url).execute(CONTEXT)

    assert list(supervisor.runs) == [("partner_a", "same")]
    assert counts(queue_url) == (0, 0)
    assert _told(caplog) == ["DAG runs: partner_a: 1 started", "DAG runs: partner_a: 1 existed already"]


def test_one_line_sums_up_the_runs_of_a_group_and_their_ids_are_told_at_debug(
    supervisor: Supervisor, receive: Any, queue_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = receive(2)
    runs = tuple(launch("partner_a", f"r{number}") for number in range(250))
    operator([Delivery(first, runs[:3])], queue_url).execute(CONTEXT)
    caplog.clear()

    with caplog.at_level(logging.DEBUG):
        operator([Delivery(second, (*runs, launch("partner_b", "r")))], queue_url).execute(CONTEXT)

    assert _told(caplog) == ["DAG runs: partner_a: 3 existed already, 247 started; partner_b: 1 started"]
    ids = [record.getMessage() for record in caplog.records if record.levelno == logging.DEBUG]
    assert "Run r249 of DAG partner_a: started" in ids
    assert "Run r0 of DAG partner_a: existed already" in ids


def _told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what a launch tells above DEBUG."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.INFO and "airflow_provider_hybrid.dispatch" in record.name
    ]


def test_a_missing_or_broken_dag_harms_no_other(
    supervisor: Supervisor, receive: Any, queue_url: str, counts: Counts
) -> None:
    supervisor.broken.add("partner_b")
    missing, broken, both, good = receive(4)
    deliveries = [
        Delivery(missing, (launch("no_such_dag", "r1"),)),
        Delivery(broken, (launch("partner_b", "r2"),)),
        Delivery(both, (launch("partner_a", "r3"), launch("no_such_dag", "r3"))),
        Delivery(good, (launch("partner_a", "r4"),)),
    ]

    with pytest.raises(AirflowFailException) as raised:
        operator(deliveries, queue_url).execute(CONTEXT)

    assert list(supervisor.runs) == [("partner_a", "r3"), ("partner_a", "r4")]
    assert counts(queue_url) == (0, 3), "what was not launched waits to come back"
    assert str(raised.value).splitlines() == [
        "3 of 4 message(s) must stay in the queue and will come back:",
        "- DAG 'no_such_dag' does not start. Airflow's API answers 404: "
        f"Dag with dag_id: 'no_such_dag' not found (message {missing.message_id}, {both.message_id})",
        "- DAG 'partner_b' does not start. Airflow's API answers 400: "
        f"Dag with dag_id 'partner_b' has import errors (message {broken.message_id})",
        f"What to do: {page('troubleshooting', 'dag-does-not-start')}",
    ]


def test_a_message_that_can_never_work_goes_to_the_dead_letter_queue(
    supervisor: Supervisor, receive: Any, sqs: Any, queue_url: str, dead_letter_queue_url: str, counts: Counts
) -> None:
    rubbish, half, good = receive(3)
    deliveries = [
        Delivery(rubbish, rejection=REJECTION),
        Delivery(half, (launch("partner_a", "r1"),), rejection=Rejection("Unmatched", "the other record")),
        Delivery(good, (launch("partner_a", "r2"),)),
    ]

    operator(deliveries, queue_url, dead_letter_queue_url=dead_letter_queue_url).execute(CONTEXT)

    assert list(supervisor.runs) == [("partner_a", "r1"), ("partner_a", "r2")]
    assert counts(queue_url) == (0, 0)
    dead = sqs.receive_message(
        QueueUrl=dead_letter_queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    assert {
        letter["Body"]: letter["MessageAttributes"]["HybridErrorMessage"]["StringValue"] for letter in dead
    } == {rubbish.body: "the body is not JSON", half.body: "the other record"}


def test_without_a_dead_letter_queue_it_stays_and_says_so(
    supervisor: Supervisor, receive: Any, queue_url: str, counts: Counts
) -> None:
    rubbish, good = receive(2)
    deliveries = [Delivery(rubbish, rejection=REJECTION), Delivery(good, (launch("partner_a", "r1"),))]

    with pytest.raises(AirflowFailException, match="there is no dead-letter queue"):
        operator(deliveries, queue_url).execute(CONTEXT)

    assert list(supervisor.runs) == [("partner_a", "r1")]
    assert counts(queue_url) == (0, 1)


def test_a_dead_letter_queue_that_refuses_keeps_no_other_from_being_settled(
    supervisor: Supervisor, receive: Any, queue_url: str, counts: Counts
) -> None:
    rubbish, good = receive(2)
    deliveries = [Delivery(rubbish, rejection=REJECTION), Delivery(good, (launch("partner_a", "r1"),))]

    with pytest.raises(AirflowFailException, match=r"There is no queue .*/no-such-queue"):
        operator(deliveries, queue_url, dead_letter_queue_url=f"{queue_url}/../no-such-queue").execute(
            CONTEXT
        )

    assert list(supervisor.runs) == [("partner_a", "r1")]
    assert counts(queue_url) == (0, 1)


def test_what_is_to_be_left_is_left_without_a_failure(
    supervisor: Supervisor, receive: Any, queue_url: str, counts: Counts
) -> None:
    (message,) = receive(1)

    operator([Delivery(message, rejection=REJECTION, leave=True)], queue_url).execute(CONTEXT)

    assert counts(queue_url) == (0, 1)
    assert not supervisor.runs


def test_a_broken_supervisor_connection_settles_nothing(
    receive: Any, queue_url: str, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone:
        def send(self, msg: Any) -> OKResponse:
            if not isinstance(msg, TriggerDagRun):
                return OKResponse(ok=True)
            raise EOFError("Request socket closed before length")

    supervise(monkeypatch, Gone())
    (message,) = receive(1)

    with pytest.raises(EOFError):
        operator([Delivery(message, (launch("partner_a", "r1"),))], queue_url).execute(CONTEXT)

    assert counts(queue_url) == (0, 1)


def test_while_it_starts_runs_it_keeps_its_messages(
    receive: Any, sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a long group would come back while its last runs are being started."""
    (message,) = receive(1)
    sqs.change_message_visibility(
        QueueUrl=queue_url, ReceiptHandle=message.receipt_handle, VisibilityTimeout=4
    )
    seen: list[Any] = []

    class Slow:
        def send(self, msg: Any) -> OKResponse:
            if isinstance(msg, TriggerDagRun):
                seen.extend(sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=3).get("Messages", []))
            return OKResponse(ok=True)

    supervise(monkeypatch, Slow())
    runs = (launch("partner_a", "r1"), launch("partner_a", "r2"))

    operator([Delivery(message, runs)], queue_url, visibility_timeout=4).execute(CONTEXT)

    assert seen == []


def test_stopped_it_starts_nothing_more_and_gives_the_messages_back_at_once(
    receive: Any, queue_url: str, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliveries = [
        Delivery(message, (launch("partner_a", f"r{number}"),)) for number, message in enumerate(receive(3))
    ]
    task = operator(deliveries, queue_url)

    supervisor = supervise(monkeypatch, Eventful({"partner_a"}, lambda _: task.on_kill()))

    with pytest.raises(LaunchError, match="was stopped"):
        task.execute(CONTEXT)

    assert list(supervisor.runs) == [("partner_a", "r0")]
    assert counts(queue_url) == (3, 0)


def test_where_sqs_does_not_delete_airflow_tries_again(
    supervisor: Supervisor, receive: Any, queue_url: str, proxy: Proxy
) -> None:
    """An ordinary failure is retried; `AirflowFailException` would not be."""
    (message,) = receive(1)
    task = operator([Delivery(message, (launch("partner_a", "r1"),))], queue_url)

    with (
        proxy.fail("DeleteMessageBatch", "AccessDenied", 403),
        pytest.raises(QueueError, match="allow sqs:DeleteMessage on"),
    ):
        task.execute(CONTEXT)

    assert list(supervisor.runs) == [("partner_a", "r1")]


def test_the_dead_letter_queue_is_the_one_of_the_redrive_policy(
    supervisor: Supervisor, receive: Any, sqs: Any, queue_url: str, dead_letter_queue_url: str, counts: Counts
) -> None:
    redrive(sqs, queue_url, dead_letter_queue_url, max_receive_count=5)
    (rubbish,) = receive(1)

    operator([Delivery(rubbish, rejection=REJECTION)], queue_url).execute(CONTEXT)

    assert counts(queue_url) == (0, 0)
    (letter,) = letters(sqs, dead_letter_queue_url)
    assert letter["Body"] == rubbish.body
    assert letter["MessageAttributes"]["HybridDispatcherRun"]["StringValue"] == CONTEXT["run_id"]


@pytest.mark.parametrize(("received", "dead"), [(4, False), (5, True), (6, True)])
def test_a_message_that_sqs_would_move_without_a_reason_goes_with_one(
    supervisor: Supervisor,
    receive: Any,
    sqs: Any,
    queue_url: str,
    dead_letter_queue_url: str,
    received: int,
    dead: bool,
) -> None:
    redrive(sqs, queue_url, dead_letter_queue_url, max_receive_count=5)
    (message,) = receive(1)
    message = replace(message, attributes={"ApproximateReceiveCount": str(received)})
    task = operator([Delivery(message, (launch("no_such_dag", "r1"),))], queue_url)

    if dead:
        task.execute(CONTEXT)
    else:
        with pytest.raises(AirflowFailException):
            task.execute(CONTEXT)

    reasons = [
        {
            name: letter["MessageAttributes"][name]["StringValue"]
            for name in ("HybridErrorType", "HybridRoute")
        }
        for letter in letters(sqs, dead_letter_queue_url)
    ]
    assert reasons == [{"HybridErrorType": "LaunchError", "HybridRoute": "route"}] * dead


def letters(sqs: Any, dead_letter_queue_url: str) -> list[Any]:
    answer = sqs.receive_message(
        QueueUrl=dead_letter_queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )
    return list(answer.get("Messages", []))


@pytest.mark.parametrize(
    ("launches", "label"),
    [
        ([launch("partner_a", "r1"), launch("partner_a", "r2")], "partner_a: 2 runs"),
        ([launch("partner_b", "r1"), launch("partner_a", "r2")], "partner_a, partner_b: 2 runs"),
        ([launch("partner_a", "r1")], "partner_a: 1 run"),
        ([], "no run: 1 message"),
    ],
)
def test_its_label_is_for_people(launches: list[Launch], label: str) -> None:
    assert operator([Delivery(Message("m-1", ""), tuple(launches))], "https://sqs/1/events").label == label


def link(task: LaunchDagRunsOperator) -> str:
    (runs,) = task.operator_extra_links
    return runs.get_link(task, ti_key=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("launches", "address"),
    [
        ([], ""),
        ([launch("partner_a", "p__1+0:00")], "/dags/partner_a/runs/p__1%2B0%3A00"),
        ([launch("partner_a", "r1"), launch("partner_a", "r2")], "/dags/partner_a/runs?run_after_gte=20"),
        ([launch("partner_a", "r1"), launch("partner_b", "r1")], "/dag_runs?run_after_gte=20"),
    ],
)
def test_its_link_leads_to_the_runs_it_started(
    supervisor: Supervisor, receive: Any, queue_url: str, launches: list[Launch], address: str
) -> None:
    task = operator([Delivery(receive(1)[0], tuple(launches))], queue_url)

    task.execute(CONTEXT)

    assert link(task).startswith(address)
    assert bool(link(task)) is bool(address)


def test_its_link_leads_to_the_runs_that_it_started_before_it_was_cut_off(
    supervisor: Supervisor, receive: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tuple(launch("partner_a", f"r{number}") for number in range(3))
    task = operator([Delivery(receive(1)[0], runs)], queue_url)

    def lose_airflow(msg: Any) -> Any:
        if len(supervisor.runs) == 2:
            raise ConnectionResetError
        return send(msg)

    send = supervisor.send
    monkeypatch.setattr(supervisor, "send", lose_airflow)
    with pytest.raises(ConnectionResetError):
        task.execute(CONTEXT)

    assert link(task).startswith("/dags/partner_a/runs?run_after_gte=20")


def test_it_is_a_trigger_dag_run_operator_none_of_whose_fields_is_a_template() -> None:
    task = operator([Delivery(Message("m-1", ""), (launch("partner_a", "r1"),))], "https://sqs/1/events")

    assert isinstance(task, TriggerDagRunOperator)
    assert task.trigger_dag_id == "partner_a"
    assert (task.template_fields, task.template_ext) == ((), ())


@pytest.mark.parametrize(
    "argument",
    sorted(
        inspect.signature(TriggerDagRunOperator.__init__).parameters.keys()
        - {"self", "kwargs", "trigger_dag_id", "openlineage_inject_parent_info"}
    ),
)
def test_an_argument_that_describes_one_run_is_refused(argument: str) -> None:
    """Whatever the base class takes is either kept in its meaning or refused, never ignored."""
    with pytest.raises(ValueError, match=f"takes no {argument}: .* Set 'conf' and 'note' in the route"):
        LaunchDagRunsOperator(
            task_id="launch",
            trigger_dag_id="partner_a",
            deliveries="{}",
            queue_url="https://sqs/1/events",
            **{argument: None},
        )


@pytest.fixture
def openlineage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the OpenLineage provider run, and name every task instance the parent of what it starts."""
    utils = pytest.importorskip(
        "airflow.providers.standard.utils.openlineage",
        reason="before version 1.10 the standard provider has nothing for OpenLineage",
    )
    monkeypatch.setattr(utils, "_is_openlineage_provider_accessible", lambda: True)
    monkeypatch.setattr(utils, "_get_openlineage_parent_info", lambda ti: {"parentRunId": ti.task_id})


@pytest.mark.parametrize("is_wanted", [True, False])
def test_where_openlineage_runs_each_run_learns_its_parent_by_its_conf(
    supervisor: Supervisor, receive: Any, queue_url: str, openlineage: None, is_wanted: bool
) -> None:
    task = operator([Delivery(receive(1)[0], (launch("partner_a", "r1"),))], queue_url)
    task.openlineage_inject_parent_info = is_wanted

    task.execute(CONTEXT)

    (run,) = supervisor.runs.values()
    assert run.conf is not None
    assert run.conf.get("openlineage") == ({"parentRunId": "listen"} if is_wanted else None)


def test_where_openlineage_does_not_run_the_conf_is_the_routes(
    supervisor: Supervisor, receive: Any, queue_url: str
) -> None:
    wanted = launch("partner_a", "r1")

    operator([Delivery(receive(1)[0], (wanted,))], queue_url).execute(CONTEXT)

    assert [run.conf for run in supervisor.runs.values()] == [wanted.conf]
