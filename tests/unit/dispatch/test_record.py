"""The record: every message that a dispatcher takes leaves one line, whatever becomes of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowRuntimeError, ErrorType
from airflow.sdk.execution_time.comms import ErrorResponse, SetXCom

from airflow_provider_hybrid.dispatch.record import MOST_TOLD, NO_EVENT
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.record.line import Line
from airflow_provider_hybrid.routing.miss import Miss
from tests.harness.dispatching import configure, dispatch
from tests.harness.proxy import Proxy
from tests.harness.supervisor import Supervisor

UPLOAD = {
    "id": "e-1",
    "source": "aws.s3",
    "detail-type": "Object Created",
    "time": "2026-11-21T10:03:22Z",
    "detail": {"bucket": {"name": "orders"}, "object": {"key": "in/a b.csv"}},
}
ROUTE = {"name": "files", "event_pattern": {"source": ["aws.s3"]}, "trigger_dag_id": "dag"}


Play = Callable[..., list[Line]]


@pytest.fixture
def play(
    sqs: Any,
    queue_url: str,
    dead_letter_queue_url: str,
    supervisor: Supervisor,
    monkeypatch: pytest.MonkeyPatch,
) -> Play:
    """Send bodies to a dispatcher, let it work, and return the lines that its record has got."""
    supervisor.dag_ids.add("dag")

    def send_and_dispatch(*bodies: Any, **changes: Any) -> list[Line]:
        document = {"routes": [ROUTE], "dead_letter_queue_url": dead_letter_queue_url, **changes}
        configure(monkeypatch, queue_url, **document)
        for body in bodies:
            text = body if isinstance(body, str) else json.dumps(body)
            sqs.send_message(QueueUrl=queue_url, MessageBody=text)
        supervisor.xcoms.clear()
        dispatch(monkeypatch, len(bodies), supervisor=supervisor)
        return recorded(supervisor)

    return send_and_dispatch


def recorded(supervisor: Supervisor) -> list[Line]:
    return [Line.from_dict(line) for xcom in supervisor.xcoms for line in xcom.value]  # type: ignore


def test_a_message_that_started_a_run(play: Play) -> None:
    before = time.time()

    (line,) = play(UPLOAD)

    assert (line.outcome, line.reason, line.returns_at, line.receive_count) == ("started", "", None, 1)
    assert before - 2 <= line.sent_at <= line.received_at <= line.settled_at <= time.time()
    (event,) = line.events
    assert (event.id, event.source, event.detail_type) == ("e-1", "aws.s3", "Object Created")
    assert event.subject == "s3://orders/in/a b.csv"
    (run,) = line.runs
    assert (run.route, run.dag_id, run.event_id, run.outcome) == ("files", "dag", "e-1", "started")
    assert run.run_id.startswith("files__in-a-b.csv__")


def test_one_whose_runs_existed(play: Play) -> None:
    (first,), (second,) = play(UPLOAD), play(UPLOAD)

    assert (first.outcome, second.outcome) == ("started", "existed")
    assert second.runs[0].run_id == first.runs[0].run_id
    assert second.runs[0].outcome == "existed"


@pytest.mark.parametrize(
    ("unmatched", "dead_lettered", "comes_back", "ending"),
    [
        ("dead_letter", True, False, "hybrid dead-letters list"),
        ("delete", False, False, "It was deleted"),
        ("leave", False, True, "It stays in the queue"),
    ],
)
def test_one_that_no_route_wants(
    play: Play,
    caplog: pytest.LogCaptureFixture,
    unmatched: str,
    dead_lettered: bool,
    comes_back: bool,
    ending: str,
) -> None:
    (line,) = play({**UPLOAD, "source": "other"}, unmatched=unmatched)

    assert (line.outcome, line.dead_lettered) == ("unmatched", dead_lettered)
    assert line.reason.startswith("no route wants")
    assert line.misses == (Miss("e-1", "files", "source: wants ['aws.s3']"),)
    assert (line.returns_at is not None) is comes_back
    (told,) = [text for text in caplog.messages if text.startswith("Message ")]
    assert "'s3://orders/in/a b.csv'" in told
    assert ending in told


def test_one_without_an_event(play: Play) -> None:
    (line,) = play({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "orders"})

    assert (line.outcome, line.reason, line.dead_lettered) == ("unmatched", NO_EVENT, False)


def test_one_that_can_never_work(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    (line,) = play("hunter2")

    assert (line.outcome, line.dead_lettered, line.events) == ("rejected", True, ())
    assert line.reason.startswith("the body is not JSON")
    assert "hunter2" not in caplog.text


def test_one_whose_dag_does_not_start_waits(play: Play, supervisor: Supervisor) -> None:
    supervisor.dag_ids.clear()

    (line,) = play(UPLOAD)

    assert line.outcome == "waiting"
    assert line.reason.startswith("DAG 'dag' does not start")
    assert line.returns_at == pytest.approx(time.time() + 60, abs=10)
    assert line.runs[0].outcome is None


def test_one_that_sqs_does_not_delete_waits_though_its_run_exists(
    play: Play, proxy: Proxy, supervisor: Supervisor
) -> None:
    with proxy.fail("DeleteMessageBatch", "AccessDenied", 403), pytest.raises(QueueError):
        play(UPLOAD)

    (line,) = recorded(supervisor)
    assert (line.outcome, line.runs[0].outcome) == ("waiting", "started")
    assert "DeleteMessageBatch" in line.reason


def test_a_batch_has_an_xcom_for_each_outcome(play: Play, supervisor: Supervisor) -> None:
    found = play(UPLOAD, {**UPLOAD, "id": "e-2"}, {**UPLOAD, "source": "other"}, "rubbish")

    assert sorted(line.outcome for line in found) == ["rejected", "started", "started", "unmatched"]
    for xcom in supervisor.xcoms:
        (outcome,) = {line["outcome"] for line in xcom.value}  # type: ignore
        assert xcom.key.startswith(f"hybrid_record_{outcome}_2")
        assert (xcom.dag_id, xcom.task_id) == ("hybrid_dispatcher", "listen")


def test_with_opaque_run_ids_nothing_says_what_an_event_is_about(play: Play) -> None:
    (line,) = play(UPLOAD, run_ids="opaque")

    written = json.dumps(replace(line, message_id="m").as_dict())
    assert "a b" not in written
    assert "a-b" not in written
    assert line.events[0].id == "e-1"


def test_many_that_started_nothing_do_not_fill_the_log(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    play(*({**UPLOAD, "source": "other", "id": str(number)} for number in range(MOST_TOLD + 2)))

    assert sum(text.startswith("Message ") for text in caplog.messages) == MOST_TOLD
    assert "\n2 further message(s) are unmatched or rejected" in "\n".join(caplog.messages)


class WithoutXComs(Supervisor):
    """A supervisor that takes no XCom."""

    def send(self, msg: Any) -> Any:
        if isinstance(msg, SetXCom):
            error = ErrorResponse(error=ErrorType.API_SERVER_ERROR, detail={"status_code": 503})
            raise AirflowRuntimeError(error)
        return super().send(msg)


def test_a_line_that_airflow_does_not_take_costs_no_event(
    sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, counts: Any
) -> None:
    configure(monkeypatch, queue_url, routes=[ROUTE])
    sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps(UPLOAD))

    done = dispatch(monkeypatch, 1, supervisor=WithoutXComs({"dag"}))

    assert len(done.supervisor.runs) == 1
    assert counts(queue_url) == (0, 0)
    assert "\nThe record lacks 1 line(s). Airflow's API answers 503: None" in "\n".join(caplog.messages)
