"""Run the demo: ``python -m tests.demo [--keep]``."""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.demo.kept import ENVIRONMENT, paragraphs, write_files
from tests.demo.play import Play, console, explain, play
from tests.demo.report import parts
from tests.demo.world import MAPPING_DISPATCHER
from tests.harness.closing import closing_on_signals
from tests.harness.environment import PROJECT
from tests.harness.home import fresh_home

if TYPE_CHECKING:
    from contextlib import ExitStack

HOME = PROJECT / ".demo"


def main() -> int:
    """Play the whole demo; return 0 if all came as it must, else 1 (130 after Ctrl-C)."""
    arguments = _arguments()
    try:
        with closing_on_signals() as stack:
            return 0 if show(stack, keep_running=arguments.keep) else 1
    except (RuntimeError, TimeoutError) as error:
        console.print(f"{type(error).__name__}: {error}", style="red", markup=False)
        code = 1
    except KeyboardInterrupt:
        code = 130
    console.print(f"Stopped. The logs are in {HOME}")
    return code


def show(stack: ExitStack, *, keep_running: bool) -> bool:
    """Play it and print its end; return whether it ended well. What it starts ends with ``stack``."""
    stack.enter_context(fresh_home(HOME))
    end = play(stack, HOME)
    ok = conclude(end)
    if not ok:
        explain(end.airflow)
    if keep_running:
        keep(end)
    return ok


def conclude(end: Play) -> bool:
    """Print the tables and whether all is as it must be."""
    launches = [task for task in end.api.tasks(MAPPING_DISPATCHER, "~") if task["task_id"] == "launch"]
    for part in parts(end.outcome, end.uploaded, end.cloud.way_in, launches):
        # What wraps a line breaks its ids; a terminal does it without that.
        console.print(part, soft_wrap=isinstance(part, str))
    faults = end.outcome.faults()
    for fault in faults:
        console.print(f"✗ {fault}", style="red", markup=False, soft_wrap=True)
    if not faults:
        console.print(
            "[green]✓ Every upload became its run, once; every total is right; nothing was lost.[/]"
        )
    return not faults


def keep(end: Play) -> None:
    """Leave all running until Ctrl-C."""
    write_files(HOME, end)
    try:
        for paragraph in paragraphs(HOME.name, end):
            console.print(f"\n{paragraph}", markup=False, soft_wrap=True)
        with suppress(KeyboardInterrupt):
            signal.pause()
    finally:
        # What it names is gone.
        (HOME / ENVIRONMENT).unlink()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave all running, and print the UI's address")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
