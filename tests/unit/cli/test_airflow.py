"""`airflow hybrid`, as far as one process shows it."""

from __future__ import annotations

import argparse

import pytest
from typer.testing import CliRunner

from airflow_provider_hybrid import __version__
from airflow_provider_hybrid.cli.airflow import get_commands
from airflow_provider_hybrid.cli.main import app


def test_it_hands_its_arguments_over_to_hybrid(capsys: pytest.CaptureFixture[str]) -> None:
    (command,) = get_commands()
    parser = argparse.ArgumentParser()
    for argument in command.args:
        argument.add_to_parser(parser)

    with pytest.raises(SystemExit) as left:
        command.func(parser.parse_args(["validate", "no-such-file.json"]))

    assert command.name == "hybrid"
    assert left.value.code == 2
    assert "no-such-file.json" in capsys.readouterr().err


def test_the_version_is_the_packages() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout.strip() == __version__
