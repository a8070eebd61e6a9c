"""Compare ways from a queue to a DAG run: ``python -m tests.benchmark``.

`docs/performance.md` says what is measured, and how to read it.
"""

from __future__ import annotations

import argparse
import sys
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console

from tests.benchmark.loads import LOADS
from tests.benchmark.machine import describe
from tests.benchmark.measurement import Measurement, Results
from tests.benchmark.names import CONTENDERS
from tests.benchmark.play import Program
from tests.benchmark.report import progress, tables
from tests.benchmark.world import start_world
from tests.harness.autopsy import autopsy
from tests.harness.closing import closing_on_signals
from tests.harness.environment import PROJECT
from tests.harness.home import fresh_home

if TYPE_CHECKING:
    from contextlib import ExitStack

    from tests.harness.airflow import Airflow

HOME = PROJECT / ".test" / "benchmark"
RESULTS = HOME / "results.json"
console = Console(highlight=False)
if not console.is_terminal:
    console.width = 160  # rich takes a pipe for a terminal of 80 columns


def main() -> int:
    """Play it, print the tables; return 0 if it came to its end, else 1 (130 after Ctrl-C)."""
    program = _program()
    results = Results(describe(), [])
    code = 0
    try:
        with closing_on_signals() as stack:
            measure(program, results, stack)
    except (RuntimeError, TimeoutError) as error:
        console.print(f"{type(error).__name__}: {error}", style="red", markup=False)
        code = 1
    except KeyboardInterrupt:
        code = 130
    for table in tables(results):
        console.print(table)
    console.print(f"Every figure is in {RESULTS}, the logs are beside it", markup=False)
    return code


def measure(program: Program, results: Results, stack: ExitStack) -> None:
    """Start everything, and play; what was started ends with ``stack``."""
    stack.enter_context(fresh_home(HOME))
    begin = monotonic()
    console.print("Starting PostgreSQL, MiniStack and Airflow")
    world = start_world(HOME, stack)
    stack.callback(console.print, "Stopping Airflow, PostgreSQL and MiniStack, which takes some seconds")

    def report(measurement: Measurement, seconds: float) -> None:
        results.measurements.append(measurement)
        results.save(RESULTS)
        console.print(f"[dim]{(monotonic() - begin) / 60:4.1f} min[/]  {progress(measurement, seconds)}")

    try:
        program.play(world, report)
    except (RuntimeError, TimeoutError):
        explain(world.airflow)
        raise


def explain(airflow: Airflow) -> None:
    """Print where to look for what went wrong."""
    for paragraph in autopsy(airflow):
        console.print(paragraph, markup=False)


def _program() -> Program:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmark", description="Compare ways from a queue to a DAG run."
    )
    parser.add_argument("--rounds", type=int, default=3)
    names = {load.name: load for load in LOADS}
    parser.add_argument("--loads", default=",".join(names), help="some of them, separated by commas")
    parser.add_argument(
        "--contenders", default=",".join(CONTENDERS), help="some of them, separated by commas"
    )
    arguments = parser.parse_args()
    loads, contenders = arguments.loads.split(","), arguments.contenders.split(",")
    for unknown in [*({*loads} - names.keys()), *({*contenders} - CONTENDERS.keys())]:
        parser.error(f"{unknown!r} is none of {', '.join([*names, *CONTENDERS])}")
    return Program(arguments.rounds, [names[name] for name in loads], contenders)


if __name__ == "__main__":
    sys.exit(main())
