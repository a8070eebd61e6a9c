"""`airflow hybrid ...`, on Airflow 3.2 and later. Every `airflow` call reads this file, so it is light."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from airflow_provider_hybrid.compat.command_line import subcommand


def get_commands() -> list[Any]:
    """Return Airflow's description of the command."""
    return [
        subcommand(
            "hybrid",
            "Events on SQS become DAG runs: init, validate, explain, doctor, dead-letters, schema, ...",
            "The same as the command `hybrid`; `hybrid --help` tells more.",
            run,
        )
    ]


def run(arguments: Namespace) -> None:
    """Hand over to `hybrid`."""
    from airflow_provider_hybrid.cli.main import app

    app(arguments.arguments, prog_name="airflow hybrid")
