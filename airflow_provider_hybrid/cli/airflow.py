"""`airflow hybrid ...`, on Airflow 3.2 and later. Every `airflow` call reads this file, so it is light."""

from __future__ import annotations

import argparse
from typing import Any


def get_commands() -> list[Any]:
    """Return Airflow's description of the command."""
    from airflow.cli.cli_config import ActionCommand, Arg

    arguments = Arg(("arguments",), nargs=argparse.REMAINDER, help="As `hybrid` takes them")  # type: ignore[no-untyped-call]
    return [
        ActionCommand(
            name="hybrid",
            help="Events on SQS become DAG runs: init, validate, explain, doctor, dead-letters, interceptor",
            description="The same as the command `hybrid`; `hybrid --help` tells more.",
            func=run,
            args=(arguments,),
        )
    ]


def run(arguments: argparse.Namespace) -> None:
    """Hand over to `hybrid`."""
    from airflow_provider_hybrid.cli.main import app

    app(arguments.arguments, prog_name="airflow hybrid")
