"""`hybrid validate --migrate` as one types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from airflow_provider_hybrid.cli.init import CONFIGURATION
from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.config.version import migrated


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "hybrid_dispatcher.json"
    written.write_text(CONFIGURATION)
    return written


def migrate(file: Path | str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["validate", "--config", str(file), "--no-dags", *arguments])


def test_it_prints_the_new_form_and_leaves_the_file_alone(file: Path) -> None:
    result = migrate(file, "--migrate")

    assert (result.exit_code, result.stdout) == (0, migrated(CONFIGURATION))
    assert file.read_text() == CONFIGURATION


def test_a_variable_with_a_byte_order_mark_is_printed_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_HYBRID_DISPATCHER", f"\ufeff{CONFIGURATION}")

    result = CliRunner().invoke(app, ["validate", "--no-dags", "--migrate"])

    assert (result.exit_code, result.stdout) == (0, migrated(CONFIGURATION))


def test_it_writes_the_file_when_it_is_told_to_and_says_so(file: Path) -> None:
    first = migrate(file, "--migrate", "--write")
    second = migrate(file, "--migrate", "--write")

    assert first.stdout == f"written  {file} (version 1)\n"
    assert second.stdout == f"kept     {file} (it is version 1)\n"
    assert file.read_text() == migrated(CONFIGURATION)


def test_what_has_a_fault_is_not_migrated(file: Path) -> None:
    broken = CONFIGURATION.replace('"unmatched"', '"unmatchd"')
    file.write_text(broken)

    result = migrate(file, "--migrate", "--write")

    assert result.exit_code == 1
    assert "unmatchd: unknown key" in result.stdout
    assert file.read_text() == broken


def test_a_list_of_routes_has_no_version(file: Path) -> None:
    file.write_text(json.dumps(json.loads(CONFIGURATION)["routes"]))

    result = migrate(file, "--migrate")

    assert result.exit_code == 2
    assert "a list of routes has no version; migrate the configuration that includes it" in result.stderr


def test_the_variable_is_printed_and_never_written(
    file: Path, monkeypatch: pytest.MonkeyPatch, airflow_database: None
) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_HYBRID_DISPATCHER", CONFIGURATION)

    printed = CliRunner().invoke(app, ["validate", "--migrate"])
    refused = CliRunner().invoke(app, ["validate", "--migrate", "--write"])

    assert (printed.exit_code, printed.stdout) == (0, migrated(CONFIGURATION))
    assert refused.exit_code == 2
    assert "--write needs a file" in refused.stderr


def test_write_alone_is_an_error(file: Path) -> None:
    result = migrate(file, "--write")

    assert result.exit_code == 2
    assert file.read_text() == CONFIGURATION
