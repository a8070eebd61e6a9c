"""`hybrid explain` as one types it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app

Payload = Callable[[str], str]
runner = CliRunner()


@pytest.fixture
def config(tmp_path: Path) -> str:
    file = tmp_path / "config.json"
    route = {
        "name": "partner_a",
        "event_pattern": {"detail": {"bucket": {"name": ["partner-a"]}}},
        "trigger_dag_id": "dag_a",
        "conf": {"key": "{{ event.detail.object.key }}"},
    }
    file.write_text(json.dumps({"queue_url": "https://sqs/1/events", "routes": [route]}))
    return str(file)


def test_it_tells_programs_what_would_happen(config: str, payload: Payload) -> None:
    result = runner.invoke(app, ["explain", "-", "--config", config, "--json"], input=payload("s3_put"))

    assert result.exit_code == 0
    (explained,) = json.loads(result.stdout)
    (launch,) = explained["launches"]
    assert (launch["trigger_dag_id"], launch["conf"]) == (
        "dag_a",
        {"key": "orders/2026-11-22/{{ var.value.secret }} +%C3%A9.csv"},
    )
    assert explained["ending"] == "deleted once its 1 run exists"


def test_it_says_until_when_an_event_would_wait(payload: Payload, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    route = {
        "name": "partner_a",
        "event_pattern": {"detail": {"bucket": {"name": ["partner-a"]}}},
        "trigger_dag_id": "dag_a",
        "batch": {"max_events": 5, "window_seconds": 3600, "key": "{{ event.detail.bucket.name }}"},
    }
    file.write_text(json.dumps({"queue_url": "https://sqs/1/events", "routes": [route]}))

    result = runner.invoke(app, ["explain", "-", "--config", str(file), "--json"], input=payload("s3_put"))

    (explained,) = json.loads(result.stdout)
    assert re.fullmatch(
        r"waits in the queue \(the run of route 'partner_a' is due at \S+Z, as its window ends at \S+Z\); "
        "then: deleted once its 1 run exists",
        explained["ending"],
    )
    assert explained["launches"][0]["conf"]["window"]["key"] == "partner-a"


def test_a_wait_that_is_over_is_no_wait(payload: Payload, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    route = {
        "name": "partner_a",
        "event_pattern": {"detail": {"bucket": {"name": ["partner-a"]}}},
        "trigger_dag_id": "dag_a",
        "delay_seconds": 60,
    }
    file.write_text(json.dumps({"queue_url": "https://sqs/1/events", "routes": [route]}))
    attributes = {"SentTimestamp": "1700000000000"}
    received = {"MessageId": "m-1", "ReceiptHandle": "h", "Body": payload("s3_put"), "Attributes": attributes}

    result = runner.invoke(app, ["explain", "-", "--config", str(file)], input=json.dumps(received))

    assert "due at 2023-11-14T22:14:20Z" in "".join(result.stdout.split("\n"))
    assert "The message: deleted once its 1 run exists" in result.stdout


def test_it_tells_people_what_would_happen(config: str, payload: Payload, tmp_path: Path) -> None:
    file = tmp_path / "message.json"
    file.write_text(payload("s3_two_records"))

    result = runner.invoke(app, ["explain", str(file), "--config", config])

    assert result.exit_code == 1, "one record is not wanted"
    for words in ("detail.bucket.name: wants ['partner-a'], found 'partner-b'", "dag_a", "no route wants"):
        assert words in result.stdout


def test_it_says_for_how_many_queued_runs_of_its_dag_a_message_waits(config: str, payload: Payload) -> None:
    result = runner.invoke(app, ["explain", "-", "--config", config], input=payload("s3_put"))

    assert "of DAG dag_a (it waits while 1000 runs of this DAG are queued)" in result.stdout.replace(
        "\n", " "
    )


def test_what_a_broken_route_may_want_stays_and_leaves_with_1(config: str, payload: Payload) -> None:
    file = Path(config)
    document = json.loads(file.read_text())
    wants_all = {"source": [{"prefix": ""}]}
    document["routes"].append({"name": "b", "event_pattern": wants_all, "trigger_dag_id": "b", "confs": {}})
    file.write_text(json.dumps(document))

    result = runner.invoke(app, ["explain", "-", "--config", config, "--json"], input=payload("s3_put"))

    (explained,) = json.loads(result.stdout)
    assert result.exit_code == 1
    assert explained["ending"].startswith("stays in the queue: a broken route may want it.")
    assert "routes[1].confs: unknown key" in explained["ending"]


@pytest.mark.parametrize(("body", "code"), [("rubbish", 1), ('{"Event": "s3:TestEvent", "Bucket": "b"}', 0)])
def test_its_exit_code_says_whether_the_message_would_be_rejected(config: str, body: str, code: int) -> None:
    assert runner.invoke(app, ["explain", "-", "--config", config], input=body).exit_code == code


@pytest.mark.parametrize("printed", ["", "\n", "null", "[]", '{"Messages": []}', '{"Messages": null}'])
def test_where_nothing_was_received_it_says_so_and_leaves_with_2(config: str, printed: str) -> None:
    result = runner.invoke(app, ["explain", "-", "--config", config], input=printed)

    assert result.exit_code == 2
    sentence, *_what_to_do = result.stderr.splitlines()
    assert sentence.startswith("hybrid explain: ")


def test_without_a_configuration_it_leaves_with_2(tmp_path: Path) -> None:
    result = runner.invoke(app, ["explain", "-", "--config", str(tmp_path / "nothing.json")], input="{}")

    assert result.exit_code == 2
    assert "No such file" in result.stderr


def test_it_says_which_deadline_an_event_counts_for(tmp_path: Path, payload: Payload) -> None:
    file = tmp_path / "config.json"
    route = {"name": "all", "event_pattern": {"source": ["aws.s3"]}, "trigger_dag_id": "dag_a"}
    expect = [{"name": "orders", "route": "all", "by": "07:00", "subject": "orders/*"}]
    before = datetime.now(tz=timezone.utc).date()
    file.write_text(json.dumps({"queue_url": "https://sqs/1/events", "routes": [route], "expect": expect}))

    shown = runner.invoke(app, ["explain", "-", "--config", str(file)], input=payload("s3_put")).stdout

    after = datetime.now(tz=timezone.utc).date()
    told = [
        f"It counts for the deadline orders__{day}T07:00 of DAG hybrid_expectations"
        for day in (before, after)
    ]
    assert any(sentence in shown for sentence in told)
