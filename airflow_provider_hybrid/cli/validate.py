"""`hybrid validate`: every fault of a configuration at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from airflow_provider_hybrid.cli.checks.warnings import warnings
from airflow_provider_hybrid.cli.configuration import VariableOption, read_configuration
from airflow_provider_hybrid.cli.dags import dag_troubles
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.printing import printable
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE, find_faults


def validate(
    file: Annotated[
        Path | None, typer.Argument(help="The configuration. Default: the Variable.", show_default=False)
    ] = None,
    variable: VariableOption = DEFAULT_VARIABLE,
    dags: Annotated[bool, typer.Option(help="Look the DAGs up in Airflow's database.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Check a configuration: every fault with its path, the value found and the fix.

    Warns of routes that can never match, DAGs that do not exist or are paused, and run ids that would
    collide. Exits with code 0 if there is no fault, 1 if there is one, 2 if there is nothing to check.
    """
    with leaving_with_2("hybrid validate"):
        text, origin, read_included = read_configuration(file, variable)
    found = find_faults(text, read_included)
    if isinstance(found, DispatcherConfig):
        faults, notes = [*found.broken.faults], warnings(found)
        if dags:
            notes += [trouble.text for trouble in dag_troubles(found.dag_ids)]
    else:
        faults, notes = found, []
    if as_json:
        typer.echo(json.dumps({"configuration": origin, "faults": faults, "warnings": notes}))
    else:
        _print(origin, faults, notes)
    raise typer.Exit(int(bool(faults)))


def _print(origin: str, faults: list[str], notes: list[str]) -> None:
    console = Console(soft_wrap=True, highlight=False)
    for style, word, texts in (("red", "fault", faults), ("yellow", "warning", notes)):
        for text in texts:
            console.print(word, style=style, end=" ")
            console.print(printable(text, keep="\n"), markup=False)
    if not faults:
        console.print(f"{origin} is valid", style="green", markup=False)
