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
