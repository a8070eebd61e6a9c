"""A command under `airflow`. Every `airflow` call reads this file, so it is light."""

from __future__ import annotations

from argparse import REMAINDER, Namespace
from collections.abc import Callable
from typing import Any


def subcommand(name: str, text: str, description: str, run: Callable[[Namespace], None]) -> Any:
    """Describe `airflow <name> ...` to Airflow's command line.

    Args:
        name: The command.
        text: Its line in `airflow --help`.
        description: What `airflow <name> --help` says.
        run: It gets everything that was typed behind the name, as ``arguments``.
    """
    from airflow.cli.cli_config import ActionCommand, Arg

    arguments = Arg(("arguments",), nargs=REMAINDER, help=f"As `{name}` takes them")  # type: ignore[no-untyped-call]
    return ActionCommand(name=name, help=text, description=description, func=run, args=(arguments,))
