"""The commands that ask Airflow, with a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from airflow_provider_hybrid.documentation import page
from tests.harness.ministack import MiniStack
from tests.harness.versions import needs_commands_of_providers

CONFIGURATION = {
    "queue_url": "https://sqs.eu-west-1.amazonaws.com/1/events",
    "routes": [{"name": "a", "event_pattern": {"source": ["shop"]}, "trigger_dag_id": "no_such_dag"}],
}


@pytest.fixture(scope="module")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("airflow")
    command(home, "airflow", "db", "migrate").check_returncode()
    return home


def command(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / words[0]
    environ = {**os.environ, "AIRFLOW_HOME": str(home)}
    return subprocess.run(
        [program, *words[1:]], capture_output=True, text=True, env=environ, cwd=home, check=False
    )


def test_the_variable_is_checked_and_missing_dags_are_named(airflow_home: Path) -> None:
    command(airflow_home, "airflow", "variables", "set", "hybrid_dispatcher", json.dumps(CONFIGURATION))

    done = command(airflow_home, "hybrid", "validate", "--json")

    assert done.returncode == 0, done.stderr
    checked = json.loads(done.stdout.splitlines()[-1])
    assert checked["configuration"] == "hybrid_dispatcher"
    assert checked["warnings"] == ["DAG 'no_such_dag' does not exist: its messages come back until it does"]


def test_a_missing_variable_leaves_with_2(airflow_home: Path) -> None:
    done = command(airflow_home, "hybrid", "validate", "--variable", "nothing")

    assert done.returncode == 2
    assert "Airflow Variable 'nothing' does not exist" in done.stderr


@pytest.mark.parametrize("words", [("validate",), ("doctor",), ("dead-letters", "list")], ids=" ".join)
def test_without_a_database_one_sentence_says_what_is_missing(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = command(tmp_path, "hybrid", *words)

    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    sentence, address = done.stderr.splitlines()[-2:]
    assert address == f"What to do: {page('troubleshooting', 'database-silent')}"
    for said in ("Airflow's database does not answer", f"AIRFLOW_HOME is {tmp_path}", "`airflow db migrate`"):
        assert said in sentence


@pytest.mark.parametrize("words", [("doctor", "--config", "configuration.json"), ("init",)], ids=" ".join)
def test_where_airflow_cannot_be_loaded_the_command_says_why(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "configuration.json").write_text(json.dumps(CONFIGURATION))
    (tmp_path / "airflow.cfg").write_text("dags_folder = beside no section\n")

    done = command(tmp_path, "hybrid", *words)

    assert done.returncode
    assert "Traceback" not in done.stdout + done.stderr
    assert "MissingSectionHeaderError" in done.stdout + done.stderr
    assert "AIRFLOW_HOME, airflow.cfg" in " ".join((done.stdout + done.stderr).split())


def test_a_variable_that_a_secrets_backend_hands_over_as_an_object_is_read(
    airflow_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "variables.json"
    file.write_text(json.dumps({"nested": CONFIGURATION}))
    backend = "airflow.secrets.local_filesystem.LocalFilesystemBackend"
    monkeypatch.setenv("AIRFLOW__SECRETS__BACKEND", backend)
    monkeypatch.setenv("AIRFLOW__SECRETS__BACKEND_KWARGS", json.dumps({"variables_file_path": str(file)}))

    done = command(airflow_home, "hybrid", "validate", "--no-dags", "--variable", "nested")

    assert done.returncode == 0, done.stderr
    assert "nested is valid" in done.stdout


@needs_commands_of_providers
def test_airflow_has_the_command_too(airflow_home: Path) -> None:
    done = command(airflow_home, "airflow", "hybrid", "validate", "--variable", "nothing")

    assert done.returncode == 2, done.stderr
    assert "Airflow Variable 'nothing' does not exist" in done.stderr


def test_dead_letters_are_found_by_variable_and_connection(airflow_home: Path, ministack: MiniStack) -> None:
    sqs = ministack.client("sqs")
    queue_url, dead_url = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("known", "known-dead"))
    sqs.send_message(QueueUrl=dead_url, MessageBody="rubbish")
    document = json.dumps({**CONFIGURATION, "queue_url": queue_url, "dead_letter_queue_url": dead_url})
    command(airflow_home, "airflow", "variables", "set", "known", document).check_returncode()
    connection = ("--conn-json", ministack.airflow_connection())
    command(airflow_home, "airflow", "connections", "add", "aws_default", *connection).check_returncode()

    done = command(airflow_home, "hybrid", "dead-letters", "list", "--variable", "known", "--json")

    assert done.returncode == 0, done.stderr
    assert [letter["error_type"] for letter in json.loads(done.stdout)["dead_letters"]] == ["Unknown"]


def test_the_doctor_names_a_dag_that_is_missing(airflow_home: Path, ministack: MiniStack) -> None:
    url = ministack.client("sqs").create_queue(QueueName="doctor")["QueueUrl"]
    file = airflow_home / "doctor.json"
    file.write_text(json.dumps({**CONFIGURATION, "queue_url": url}))
    connection = json.loads(ministack.airflow_connection())
    connection["extra"] = json.dumps(connection["extra"])
    command(airflow_home, "airflow", "connections", "delete", "aws_default")
    command(
        airflow_home, "airflow", "connections", "add", "aws_default", "--conn-json", json.dumps(connection)
    )

    done = command(airflow_home, "hybrid", "doctor", "--config", str(file), "--json")

    findings = {finding["check"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert done.returncode == 1
    assert findings["queue"]["level"] == "fine"
    assert findings["packages"]["level"] == "fine"
    assert (findings["DAGs"]["level"], findings["DAGs"]["fix"]) == (
        "fault",
        "Deploy it, or change 'trigger_dag_id'",
    )
