"""`hybrid test`: the cases of a file, tried on a configuration's routes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from airflow_provider_hybrid.cli.configuration import ConfigOption, VariableOption, read_configuration
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.options import JsonOption
from airflow_provider_hybrid.cli.output.cases import CaseResult, CaseResults
from airflow_provider_hybrid.cli.output.printing import print_json
from airflow_provider_hybrid.cli.printing import console_for_people, plain, printable
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE
from airflow_provider_hybrid.testing.cases import read_cases
from airflow_provider_hybrid.testing.routes import read_routes


def try_cases(
    cases: Annotated[Path, typer.Argument(help="A file with cases.", metavar="CASES.json")],
    config: ConfigOption = None,
    variable: VariableOption = DEFAULT_VARIABLE,
    as_json: JsonOption = False,
) -> None:
    """Try events on a configuration's routes, and compare what would come of each with what is expected.

    It starts and sends nothing. Without --config it takes the file that the cases name as their
    configuration; if they name none, the Variable. With a file it needs neither Airflow's database nor AWS.
    Exits with code 0 if all is as expected, 1 if something is not, 2 if there is nothing to try.
    """
    with leaving_with_2("hybrid test"):
        document = read_cases(cases)
        named = cases.parent / document.configuration if document.configuration else None
        text, origin, read_included = read_configuration(config or named, variable)
        routes = read_routes(text, origin, read_included)
        failures = [(case.name, case.failure(routes)) for case in document.cases]
    results = [CaseResult(name, not failure, failure or None) for name, failure in failures]
    if as_json:
        print_json(CaseResults(origin, results))
    else:
        _print(results)
    raise typer.Exit(int(not all(result.passed for result in results)))


def _print(results: Sequence[CaseResult]) -> None:
    console = console_for_people()
    table = Table("case", "")
    for result in results:
        table.add_row(plain(result.name), "[green]passed[/]" if result.passed else "[red]failed[/]")
    console.print(table)
    failed = [result for result in results if not result.passed]
    for result in failed:
        console.print()
        console.print(plain(result.name, "bold"))
        console.print(printable(result.failure or "", keep="\n"), markup=False)
    console.print(f"\n{len(results)} case(s), {len(failed)} failed")
