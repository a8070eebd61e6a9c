"""`airflow hybrid`, as far as one process shows it."""

from __future__ import annotations

import argparse
import subprocess
import sys

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
        command.func(parser.parse_args(["validate", "--config", "no-such-file.json"]))

    assert command.name == "hybrid"
    assert left.value.code == 2
    assert "no-such-file.json" in capsys.readouterr().err


def test_every_airflow_command_reads_it_so_it_loads_nothing_else_of_the_package() -> None:
    program = """
import sys
import airflow_provider_hybrid.cli.airflow
print(*(name for name in sys.modules if name.startswith("airflow_provider_hybrid.")))
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert set(done.stdout.split()) == {
        "airflow_provider_hybrid.cli",
        "airflow_provider_hybrid.cli.airflow",
        "airflow_provider_hybrid.compat",
        "airflow_provider_hybrid.compat.command_line",
    }


def test_the_version_is_the_packages() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout.strip() == __version__
