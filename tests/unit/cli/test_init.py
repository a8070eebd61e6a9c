"""`hybrid init` as one types it."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.config.read import parse_config

runner = CliRunner()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AIRFLOW__CORE__DAGS_FOLDER", raising=False)
    return tmp_path


def test_it_writes_a_dag_file_and_a_configuration_that_work(elsewhere: Path) -> None:
    result = runner.invoke(app, ["init", "dags"])

    assert result.exit_code == 0, result.output
    assert isinstance(runpy.run_path(str(elsewhere / "dags" / "hybrid_dispatcher.py"))["dag"], DAG)
    assert parse_config((elsewhere / "hybrid_dispatcher.json").read_text()).routes


def test_the_dag_file_is_one_that_airflow_parses(elsewhere: Path) -> None:
    """Airflow passes over a file that lacks either word."""
    runner.invoke(app, ["init", "dags"])

    text = (elsewhere / "dags" / "hybrid_dispatcher.py").read_text()
    assert "dag" in text
    assert "airflow" in text


def test_it_never_overwrites(elsewhere: Path) -> None:
    mine = elsewhere / "hybrid_dispatcher.json"
    mine.write_text("mine")

    result = runner.invoke(app, ["init", "dags"])

    assert result.exit_code == 1
    assert "kept" in result.output
    assert mine.read_text() == "mine"
    assert (elsewhere / "dags" / "hybrid_dispatcher.py").exists()


def test_it_finds_the_dags_folder(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__DAGS_FOLDER", str(elsewhere / "my_dags"))

    result = runner.invoke(app, ["init"])

    assert result.exit_code == 0, result.output
    assert (elsewhere / "my_dags" / "hybrid_dispatcher.py").exists()


def bundle(name: str, path: Path | None = None, kind: str = "local.LocalDagBundle") -> dict[str, Any]:
    kwargs = {"path": str(path)} if path else {}
    return {"name": name, "classpath": f"airflow.dag_processing.bundles.{kind}", "kwargs": kwargs}


def test_of_several_dag_bundles_it_takes_the_first_folder_and_says_so(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__DAGS_FOLDER", str(elsewhere / "core"))
    bundles = [
        {"name": "remote", "classpath": "airflow.providers.git.bundles.git.GitDagBundle", "kwargs": {}},
        bundle("team", elsewhere / "team"),
        bundle("dags-folder"),
    ]
    monkeypatch.setenv("AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST", json.dumps(bundles))

    result = runner.invoke(app, ["init"])

    assert result.exit_code == 0, result.output
    assert (elsewhere / "team" / "hybrid_dispatcher.py").exists()
    assert not (elsewhere / "core").exists()
    assert "DAG bundle team" in result.output
    assert f"dags-folder ({elsewhere / 'core'})" in result.output


@pytest.mark.parametrize(
    ("bundles", "words"),
    [
        ([{"name": "remote", "classpath": "some.GitDagBundle", "kwargs": {}}], "no DAG bundle .*remote"),
        ([], "no DAG bundle"),
        ("not JSON", "dag_bundle_config_list cannot be read"),
        ([{"name": "half"}], "dag_bundle_config_list cannot be read"),
        ({"name": "one"}, "dag_bundle_config_list cannot be read"),
    ],
    ids=str,
)
def test_where_no_folder_is_known_it_writes_nothing_and_says_what_to_do(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, bundles: Any, words: str
) -> None:
    text = bundles if isinstance(bundles, str) else json.dumps(bundles)
    monkeypatch.setenv("AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST", text)

    result = runner.invoke(app, ["init"])

    assert result.exit_code == 2
    assert re.search(words, result.stderr)
    assert "hybrid init FOLDER" in result.stderr
    assert list(elsewhere.iterdir()) == []


def test_a_place_that_cannot_be_written_is_one_sentence(elsewhere: Path) -> None:
    (elsewhere / "file").touch()

    result = runner.invoke(app, ["init", "file/dags"])

    assert result.exit_code == 2
    (sentence,) = result.stderr.splitlines()
    assert "Not a directory" in sentence


QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/partner-events"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command take its input for a terminal."""
    monkeypatch.setattr("airflow_provider_hybrid.cli.init._somebody_is_there", lambda: True)


def first_route(folder: Path) -> tuple[str, str]:
    config = parse_config((folder / "hybrid_dispatcher.json").read_text())
    (route,) = config.routes
    return config.queue_url, route.trigger_dag_id


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("options", "typed"),
    [
        ([], f"{QUEUE}\norders\n"),
        (["--queue-url", QUEUE], "orders\n"),
        (["--dag", "orders"], f"{QUEUE}\n"),
        ([], f"partner-events\n{QUEUE}\nno id\norders\n"),
    ],
)
def test_on_a_terminal_it_asks_for_queue_and_dag(elsewhere: Path, options: list[str], typed: str) -> None:
    result = runner.invoke(app, ["init", "dags", *options], input=typed)

    assert result.exit_code == 0, result.output
    assert first_route(elsewhere) == (QUEUE, "orders")
    assert ("is no queue URL" in result.output) == ("no id" in typed)
    assert ("'no id' is no DAG id" in result.output) == ("no id" in typed)


def test_options_answer_without_a_terminal(elsewhere: Path) -> None:
    result = runner.invoke(app, ["init", "dags", "--queue-url", QUEUE, "--dag", "größe.1"])

    assert result.exit_code == 0, result.output
    assert first_route(elsewhere) == (QUEUE, "größe.1")


def test_the_first_test_passes_and_fails_once_the_route_is_broken(elsewhere: Path) -> None:
    runner.invoke(app, ["init", "dags", "--queue-url", QUEUE, "--dag", "orders"])

    assert runner.invoke(app, ["test", "hybrid_cases.json"]).exit_code == 0

    config = elsewhere / "hybrid_dispatcher.json"
    config.write_text(config.read_text().replace("Object Created", "Object Deleted"))
    assert runner.invoke(app, ["test", "hybrid_cases.json"]).exit_code == 1


def test_what_it_says_comes_next_comes_next(elsewhere: Path) -> None:
    asked = runner.invoke(app, ["init", "dags", "--queue-url", QUEUE, "--dag", "orders"])

    assert "1. hybrid test hybrid_cases.json" in asked.output


@pytest.mark.usefixtures("terminal")
def test_without_an_answer_the_configuration_is_the_example(elsewhere: Path) -> None:
    result = runner.invoke(app, ["init", "dags"], input="\n")

    assert result.exit_code == 0, result.output
    assert "DAG that each upload starts" not in result.output
    assert "put your queue and your routes into" in result.output
    assert not (elsewhere / "hybrid_cases.json").exists()


@pytest.mark.usefixtures("terminal")
def test_where_there_is_a_configuration_it_asks_for_nothing(elsewhere: Path) -> None:
    (elsewhere / "hybrid_dispatcher.json").write_text("mine")

    result = runner.invoke(app, ["init", "dags"])

    assert result.exit_code == 1
    assert "URL of the SQS queue" not in result.output
    assert not (elsewhere / "hybrid_cases.json").exists()


def test_a_first_test_that_exists_is_kept(elsewhere: Path) -> None:
    (elsewhere / "hybrid_cases.json").write_text("mine")

    result = runner.invoke(app, ["init", "dags", "--queue-url", QUEUE, "--dag", "orders"])

    assert result.exit_code == 1
    assert (elsewhere / "hybrid_cases.json").read_text() == "mine"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--queue-url", QUEUE], "give --dag, too"),
        (["--dag", "orders"], "give --queue-url, too"),
        (["--queue-url", "partner-events", "--dag", "orders"], "'partner-events' is no queue URL"),
        (["--queue-url", QUEUE, "--dag", "no id"], "'no id' is no DAG id"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_is_written(
    elsewhere: Path, options: list[str], said: str
) -> None:
    result = runner.invoke(app, ["init", "dags", *options])

    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())
    assert list(elsewhere.iterdir()) == []
