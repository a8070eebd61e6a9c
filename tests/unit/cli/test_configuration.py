"""Where a command finds a configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from airflow_provider_hybrid.cli.configuration import read_configuration
from airflow_provider_hybrid.exceptions import ConfigError

DOCUMENT = json.dumps({"queue_url": "https://sqs/1/events"})


def test_a_file_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_ORDERS", "not this one")
    file = tmp_path / "config.json"
    file.write_text(DOCUMENT)

    assert read_configuration(file, "orders")[:2] == (DOCUMENT, str(file))


def test_beside_a_file_an_included_variable_is_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(DOCUMENT)
    (tmp_path / "team_a.json").write_text("[]")

    _, _, read_included = read_configuration(tmp_path / "config.json")

    assert read_included("team_a") == "[]"
    with pytest.raises(ConfigError, match=r"team_b\.json.*an included Variable is a file, too"):
        read_included("team_b")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.json"):
        read_configuration(tmp_path / "nothing.json")


def test_without_a_file_it_is_airflows_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_ORDERS", DOCUMENT)

    text, origin, read_included = read_configuration(None, "orders")

    assert (text, origin) == (DOCUMENT, "orders")
    assert read_included("orders") == DOCUMENT


def test_where_airflows_database_does_not_answer_one_sentence_says_what_to_do(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """There is none behind a unit test."""
    with pytest.raises(ConfigError) as raised:
        read_configuration(None, "orders")

    sentence = str(raised.value)
    assert sentence.startswith("Airflow Variable 'orders' cannot be read: Airflow's database does not answer")
    assert "`airflow db migrate`" in sentence
    assert "Traceback" not in caplog.text
