"""`hybrid init` as one types it."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from airflow.sdk import DAG
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.config import parse_config

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


@pytest.mark.parametrize(
    ("variable", "value", "folder"),
    [("AIRFLOW__CORE__DAGS_FOLDER", "my_dags", "my_dags"), ("AIRFLOW_HOME", "home", "home/dags")],
)
def test_it_finds_the_dags_folder(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, folder: str
) -> None:
    monkeypatch.setenv(variable, value)

    runner.invoke(app, ["init"])

    assert (elsewhere / folder / "hybrid_dispatcher.py").exists()


def test_a_place_that_cannot_be_written_is_one_sentence(elsewhere: Path) -> None:
    (elsewhere / "file").touch()

    result = runner.invoke(app, ["init", "file/dags"])

    assert result.exit_code == 2
    (sentence,) = result.stderr.splitlines()
    assert "Not a directory" in sentence
