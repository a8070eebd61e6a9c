"""Word of what came, by a real SQS message on its way through a dispatcher."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.harness.dispatching import configure, dispatch
from tests.harness.supervisor import Supervisor
from tests.harness.versions import RUNS_HAVE_NOTES

TODAY = datetime.now(tz=timezone.utc).date()
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)
DAG = "hybrid_expectations"
ROUTE = {"name": "files", "event_pattern": {"source": ["aws.s3"]}, "trigger_dag_id": "partner"}
EXPECT = {"name": "orders", "route": "files", "by": "07:00", "subject": "orders/{{ day }}/*"}

Upload = Callable[..., Supervisor]


def deadline(day: object) -> tuple[str, str]:
    """Return the run that stands for a day's deadline."""
    return DAG, f"orders__{day}T07:00"


@pytest.fixture
def upload(sqs: Any, queue_url: str, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> Upload:
    """Let a dispatcher work on uploads of the files of some days."""
    supervisor.dag_ids |= {"partner", DAG}

    def send_and_dispatch(*days: object, **changes: Any) -> Supervisor:
        configure(monkeypatch, queue_url, **{"routes": [ROUTE], "expect": [EXPECT], **changes})
        for day in days:
            key = f"orders/{day}/{time.monotonic_ns()}.csv"
            body = {
                "id": key,
                "source": "aws.s3",
                "detail-type": "Object Created",
                "detail": {"bucket": {"name": "b"}, "object": {"key": key}},
            }
            sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps(body))
        dispatch(monkeypatch, len(days), supervisor=supervisor)
        return supervisor

    return send_and_dispatch


def test_an_event_in_time_starts_the_green_run_of_its_deadline(upload: Upload) -> None:
    supervisor = upload(TOMORROW)

    (partner,) = [run_id for dag_id, run_id in supervisor.runs if dag_id == "partner"]
    run = supervisor.runs[deadline(TOMORROW)]
    assert run.conf == {"expectation": "orders", "came": f"run {partner} of DAG partner"}
    if RUNS_HAVE_NOTES:
        assert run.note == f"It came, and started run {partner} of DAG partner."


def test_a_second_event_in_time_changes_nothing(upload: Upload) -> None:
    upload(TOMORROW)
    supervisor = upload(TOMORROW)

    assert len([run_id for dag_id, run_id in supervisor.runs if dag_id == DAG]) == 1
    assert supervisor.cleared == []


def test_a_late_event_says_so_and_lets_the_red_run_begin_anew(upload: Upload, supervisor: Supervisor) -> None:
    upload(YESTERDAY)
    supervisor.states[deadline(YESTERDAY)] = "failed"

    upload(YESTERDAY)

    dag_id, run_id = deadline(YESTERDAY)
    assert supervisor.cleared == [(dag_id, run_id)]
    assert "came" in supervisor.runs[dag_id, f"{run_id}~late"].conf


def test_an_event_after_a_green_deadline_changes_nothing(upload: Upload, supervisor: Supervisor) -> None:
    upload(YESTERDAY)
    supervisor.states[deadline(YESTERDAY)] = "success"

    upload(YESTERDAY)

    assert supervisor.cleared == []
    assert not any(run_id.endswith("~late") for _, run_id in supervisor.runs)


def test_an_event_that_comes_while_the_run_of_its_deadline_looks_is_not_overlooked(
    upload: Upload, supervisor: Supervisor
) -> None:
    """That run may have looked already, and is about to fail."""
    upload(YESTERDAY)
    supervisor.states[deadline(YESTERDAY)] = "running"

    upload(YESTERDAY)

    assert supervisor.cleared == [deadline(YESTERDAY)]


def test_the_events_of_a_batch_count_for_each_of_their_days(upload: Upload) -> None:
    supervisor = upload(TODAY, TOMORROW, TOMORROW, routes=[{**ROUTE, "batch": {"max_events": 10}}])

    assert {run for run in supervisor.runs if run[0] == DAG} == {deadline(TODAY), deadline(TOMORROW)}
    assert len(supervisor.runs) == 3


def test_an_event_of_another_route_counts_for_nothing(upload: Upload) -> None:
    other = {**ROUTE, "name": "others"}
    silent = {**ROUTE, "event_pattern": {"source": ["shop"]}}
    supervisor = upload(TOMORROW, routes=[silent, other])

    assert [dag_id for dag_id, _ in supervisor.runs] == ["partner"]


@pytest.mark.parametrize("trouble", ["missing", "broken"])
def test_without_the_dag_of_expectations_events_start_their_runs_and_the_log_says_what_is_missing(
    upload: Upload,
    supervisor: Supervisor,
    trouble: str,
    caplog: pytest.LogCaptureFixture,
    counts: Callable[[str], tuple[int, int]],
    queue_url: str,
) -> None:
    if trouble == "broken":
        supervisor.broken.add(DAG)
    else:
        supervisor.dag_ids.remove(DAG)

    upload(TOMORROW)

    assert [dag_id for dag_id, _ in supervisor.runs] == ["partner"]
    assert counts(queue_url) == (0, 0)
    assert "Expectation 'orders' does not know that its event came. Airflow's API answers 40" in caplog.text


def test_its_message_is_deleted_only_after_word_of_it(
    upload: Upload, monkeypatch: pytest.MonkeyPatch, counts: Callable[[str], tuple[int, int]], queue_url: str
) -> None:
    """Should the process die in between, the next delivery brings the word."""

    def die(_launches: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("airflow_provider_hybrid.dispatch.launch.tell_of_arrivals", die)
    with pytest.raises(KeyboardInterrupt):
        upload(TOMORROW)
    assert sum(counts(queue_url)) == 1


def test_a_stream_of_events_says_only_once_that_the_dag_is_missing(
    upload: Upload, supervisor: Supervisor, caplog: pytest.LogCaptureFixture
) -> None:
    supervisor.dag_ids.remove(DAG)

    for _ in range(3):
        upload(TOMORROW, expect=[{**EXPECT, "name": "stream"}])

    assert caplog.text.count("Expectation 'stream' does not know") == 1
