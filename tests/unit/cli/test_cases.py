"""`hybrid test` as one types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from airflow_provider_hybrid.cli.main import app

DEPLOY = Path(__file__).parents[3] / "deploy"
ROUTE = {"name": "a", "event_pattern": {"source": ["aws.s3"]}, "trigger_dag_id": "load_a"}
CASE = {
    "name": "an order [of a]",
    "sample": {"name": "s3:ObjectCreated:Put"},
    "starts": [{"dag_id": "load_a"}],
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["test", *arguments])


def write(folder: Path, *cases: dict[str, Any], **further: Any) -> str:
    configuration = {"queue_url": "https://sqs/1/events", "routes": [ROUTE]}
    (folder / "hybrid_dispatcher.json").write_text(json.dumps(configuration))
    file = folder / "hybrid_cases.json"
    file.write_text(json.dumps({"configuration": "hybrid_dispatcher.json", "cases": cases, **further}))
    return str(file)


def test_the_example_beside_the_compose_file_passes() -> None:
    result = run(str(DEPLOY / "hybrid_cases.json"))

    assert result.exit_code == 0, result.output
    assert "4 case(s), 0 failed" in result.stdout


def test_a_case_that_fails_is_told_and_leaves_with_1(tmp_path: Path) -> None:
    file = write(tmp_path, CASE, {**CASE, "name": "another", "starts": []})

    result = run(file)

    assert result.exit_code == 1
    assert "an order [of a]" in result.stdout
    assert "nothing was expected to start, and this does:\n  a run of DAG 'load_a'" in result.stdout
    assert result.stdout.endswith("2 case(s), 1 failed\n")


def test_it_tells_programs_which_case_failed_and_why(tmp_path: Path) -> None:
    file = write(tmp_path, CASE, {**CASE, "name": "another", "starts": []})

    told = json.loads(run(file, "--json").stdout)

    assert told["configuration"] == str(tmp_path / "hybrid_dispatcher.json")
    assert [(case["name"], case["passed"]) for case in told["cases"]] == [
        ("an order [of a]", True),
        ("another", False),
    ]
    assert told["cases"][0]["failure"] is None
    assert told["cases"][1]["failure"].startswith("nothing was expected to start")


def test_another_configuration_may_be_named(tmp_path: Path) -> None:
    file = write(tmp_path, CASE)
    other = tmp_path / "other.json"
    other.write_text(json.dumps([{**ROUTE, "trigger_dag_id": "load_b"}]))

    result = run(file, "--config", str(other))

    assert result.exit_code == 1
    assert "no route starts a DAG 'load_a'; did you mean 'load_b'?" in result.stdout


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"configuration": None}, "names no configuration: add"),
        ({"configuration": "nowhere.json"}, "nowhere.json: No such file or directory"),
        ({"case": []}, "case: unknown key, did you mean 'cases'?"),
    ],
)
def test_where_there_is_nothing_to_try_it_says_so_and_leaves_with_2(
    tmp_path: Path, change: dict[str, Any], sentence: str
) -> None:
    result = run(write(tmp_path, CASE, **change))

    assert result.exit_code == 2
    assert result.stderr.startswith("hybrid test: ")
    assert sentence in result.stderr
