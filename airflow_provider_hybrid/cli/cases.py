"""`hybrid test`: the cases of a file, tried on a configuration's routes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.printing import console_for_people, plain, printable
from airflow_provider_hybrid.exceptions import ConfigError
from airflow_provider_hybrid.testing.cases import read_cases
from airflow_provider_hybrid.testing.routes import routes_of


def try_cases(
    cases: Annotated[Path, typer.Argument(help="A file with cases.", metavar="CASES.json")],
    config: Annotated[
        Path | None,
        typer.Option(help="The configuration. Default: the one that the cases name.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Try events on a configuration's routes, and compare what would come of each with what is expected.

    It starts and sends nothing, and needs neither Airflow's database nor AWS. Exits with code 0 if all is as
    expected, 1 if something is not, 2 if there is nothing to try.
    """
    with leaving_with_2("hybrid test"):
        document = read_cases(cases)
        file = _configuration(cases, document.configuration, config)
        routes = routes_of(file)
        failures = {case.name: case.failure(routes) for case in document.cases}
    if as_json:
        told = [
            {"name": name, "passed": not failure, "failure": failure or None}
            for name, failure in failures.items()
        ]
        typer.echo(json.dumps({"configuration": str(file), "cases": told}))
    else:
        _print(failures)
    raise typer.Exit(int(any(failures.values())))


def _configuration(cases: Path, named: str | None, option: Path | None) -> Path:
    if option is not None:
        return option
    if named is None:
        raise ConfigError(
            f'{cases} names no configuration: add "configuration": "hybrid_dispatcher.json", or give --config'
        )
    return cases.parent / named


def _print(failures: dict[str, str]) -> None:
    console = console_for_people()
    table = Table("case", "")
    for name, failure in failures.items():
        table.add_row(plain(name), "[red]failed[/]" if failure else "[green]passed[/]")
    console.print(table)
    for name, failure in failures.items():
        if failure:
            console.print()
            console.print(plain(name, "bold"))
            console.print(printable(failure, keep="\n"), markup=False)
    failed = sum(map(bool, failures.values()))
    console.print(f"\n{len(failures)} case(s), {failed} failed")
