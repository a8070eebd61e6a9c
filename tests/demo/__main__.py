"""Run the demo: ``python -m tests.demo [--keep]``."""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from airflow_provider_hybrid.compat.task import has_pages
from tests.demo.play import Play, console, explain, play
from tests.demo.report import tables
from tests.demo.world import MAPPING_DISPATCHER
from tests.harness.airflow import EVENTS_PAGE, USER, Airflow
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
        keep(end.airflow)
    return ok


def conclude(end: Play) -> bool:
    """Print the tables and whether all is as it must be."""
    launches = [task for task in end.api.tasks(MAPPING_DISPATCHER, "~") if task["task_id"] == "launch"]
    for table in tables(end.outcome, end.uploaded, end.cloud.way_in, launches):
        console.print(table)
    faults = end.outcome.faults()
    for fault in faults:
        console.print(f"✗ {fault}", style="red", markup=False)
    if not faults:
        console.print(
            "[green]✓ Every upload became its run, once; every total is right; nothing was lost.[/]"
        )
    return not faults


def keep(airflow: Airflow) -> None:
    """Leave all running until Ctrl-C."""
    console.print(f"\nAirflow is at {airflow.base_url}  (user: {USER}, password: {airflow.password})")
    if has_pages():
        console.print(f"What became of each event is at {airflow.base_url}{EVENTS_PAGE}")
    console.print("Ctrl-C stops it.")
    with suppress(KeyboardInterrupt):
        signal.pause()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave all running, and print the UI's address")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
