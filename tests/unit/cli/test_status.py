"""`hybrid status`: each dispatcher now."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.record.line import Line
from airflow_provider_hybrid.view import dispatchers
from tests.harness.dispatching import configure
from tests.harness.metadata import Record, add, known_dag
from tests.harness.outputs import output_of

ROUTES = [{"name": "all", "event_pattern": {"source": [{"prefix": ""}]}, "trigger_dag_id": "dag"}]


@pytest.fixture
def dispatcher(airflow_database: None, monkeypatch: pytest.MonkeyPatch) -> Record:
    """A dispatcher that started a run just now, and is paused."""
    add(known_dag("orders", is_paused=True))
    record = Record("orders")
    now = datetime.now(tz=timezone.utc)
    record.write("orders", [Line("m", "started", now.timestamp(), now.timestamp() - 0.25)], now)
    monkeypatch.setattr(dispatchers, "dispatchers", lambda: {"orders": "hybrid_dispatcher"})
    return record


def test_it_shows_state_queue_and_the_last_hour(
    dispatcher: Record,
    sqs: Any,
    queue_url: str,
    dead_letter_queue_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(monkeypatch, queue_url, routes=ROUTES, dead_letter_queue_url=dead_letter_queue_url)
    for number in range(3):
        sqs.send_message(QueueUrl=queue_url, MessageBody=str(number))
    sqs.receive_message(QueueUrl=queue_url)
    sqs.send_message(QueueUrl=dead_letter_queue_url, MessageBody="dead")

    result = CliRunner().invoke(app, ["status", "--json"])

    (found,) = output_of("status", result.stdout)["dispatchers"]
    assert (found["dag_id"], found["state"], found["is_well"]) == ("orders", "paused", False)
    assert found["depth"] == {"waiting": 2, "in_flight": 1, "delayed": 0, "dead_letters": 1}
    assert found["lately"]["outcomes"]["started"] == 1
    assert found["lately"]["median"] == 0.25
    assert result.exit_code == 1


def test_for_people_it_is_a_table_and_what_to_do(
    dispatcher: Record, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, queue_url, routes=ROUTES)

    shown = CliRunner().invoke(app, ["status"]).output

    assert "1 started" in shown
    assert "median 0.25 s, p95 0.25 s" in shown
    assert "orders: it is paused: messages wait in the queue. `airflow dags unpause` lets it go on" in shown


def test_a_queue_that_does_not_answer_is_named_and_the_rest_is_shown(
    dispatcher: Record, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, queue_url.replace("partner-events", "gone"), routes=ROUTES)

    shown = CliRunner().invoke(app, ["status"]).output

    assert "1 started" in shown
    assert "orders: the queue is not known. SQS answers GetQueueAttributes with" in shown


def test_a_broken_route_is_named_and_is_no_good_state(
    dispatcher: Record, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, queue_url, routes=[*ROUTES, {**ROUTES[0], "name": "b", "confs": {}}])

    result = CliRunner().invoke(app, ["status"])

    assert "orders: a route is broken, and the others go on. routes[1].confs: unknown key" in result.output
    assert result.exit_code == 1


def test_an_included_variable_is_read_from_airflow(
    dispatcher: Record, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, queue_url, routes=ROUTES, include=["team_b"])
    monkeypatch.setenv("AIRFLOW_VAR_TEAM_B", json.dumps([{**ROUTES[0], "name": "b"}]))

    (found,) = output_of("status", CliRunner().invoke(app, ["status", "--json"]).stdout)["dispatchers"]

    assert (found["broken_routes"], found["fault"]) == ([], None)


def test_a_wrong_variable_is_named(dispatcher: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_HYBRID_DISPATCHER", "rubbish")

    shown = CliRunner().invoke(app, ["status"]).output

    assert "it is not JSON" in shown
    assert "\n- it is not JSON" in shown, "each fault has a line"
    assert "\\n" not in shown


@pytest.mark.usefixtures("airflow_database")
def test_without_a_dispatcher_it_says_how_to_get_one() -> None:
    result = CliRunner().invoke(app, ["status"])

    assert result.exit_code == 0
    assert "Airflow knows no dispatcher. `hybrid init`" in result.output


DAG = "hybrid_expectations"
EXPECT = [{"name": "daily", "route": "all", "by": "00:00"}]


def test_it_shows_what_is_expected_and_whether_it_came(
    dispatcher: Record, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, queue_url, routes=ROUTES, expect=EXPECT)
    today = datetime.now(tz=timezone.utc).date()
    # Tomorrow's too: the test may run at midnight.
    for day in (today, today + timedelta(days=1)):
        run_id = f"daily__{day}T00:00"
        add(DagRun(dag_id=DAG, run_id=run_id, run_type="operator_triggered", state="failed"))

    (dispatcher,) = output_of("status", CliRunner().invoke(app, ["status", "--json"]).stdout)["dispatchers"]
    (found,) = dispatcher["expectations"]
    shown = CliRunner().invoke(app, ["status"]).output

    assert (found["name"], found["last"]["state"], found["next"]["state"]) == ("daily", "missing", "awaited")
    assert "00:00 UTC" in shown
    assert "missing" in shown
