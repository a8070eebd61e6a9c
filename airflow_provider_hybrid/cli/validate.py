"""`hybrid validate`: every fault of a configuration at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from airflow_provider_hybrid.cli.checks.room import room_warnings
from airflow_provider_hybrid.cli.checks.warnings import sleeping_expectations, warnings
from airflow_provider_hybrid.cli.configuration import VariableOption, read_configuration
from airflow_provider_hybrid.cli.dags import dag_troubles
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.migration import migrate
from airflow_provider_hybrid.cli.printing import print_what_to_do, printable
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE, find_faults, routes_in
from airflow_provider_hybrid.config.route import RouteConfig, fixed_dag_ids


def validate(
    file: Annotated[
        Path | None, typer.Argument(help="The configuration. Default: the Variable.", show_default=False)
    ] = None,
    variable: VariableOption = DEFAULT_VARIABLE,
    dags: Annotated[bool, typer.Option(help="Look the DAGs up in Airflow's database.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    newest: Annotated[
        bool,
        typer.Option("--migrate", help="Print the configuration in the newest form, if it has no fault."),
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="With --migrate: overwrite FILE instead of printing.")
    ] = False,
) -> None:
    """Check a configuration: every fault with its path, the value found and the fix.

    A list of routes, as an included Variable holds it, is checked alone. Warns of routes that can never
    match, DAGs that do not exist or are paused, limits that stop all DAGs, and run ids that would collide.
    Exits with code 0 if there is no fault, 1 if there is one, 2 if there is nothing to check.
    """
    if write and not newest:
        raise typer.BadParameter("--write goes with --migrate")
    with leaving_with_2("hybrid validate"):
        text, origin, read_included = read_configuration(file, variable)
    routes: Mapping[str, RouteConfig] = {}
    notes: list[str] = []
    expectations_dag_id = None
    if alone := routes_in(text, Path(origin).stem):
        faults, routes = [*alone.faults, *alone.disabled], alone.valid
    elif isinstance(found := find_faults(text, read_included), DispatcherConfig):
        faults, routes = [*found.broken.all_faults], found.places
        notes += [*room_warnings(found), *sleeping_expectations(found)]
        expectations_dag_id = found.expectations_dag_id if found.expect else None
    else:
        faults = found
    if newest and not faults:
        with leaving_with_2("hybrid validate"):
            migrate(text, file, write=write, is_list=bool(alone))
        return
    notes += warnings(routes)
    if dags and routes:
        notes += [
            trouble.text for trouble in dag_troubles(fixed_dag_ids(routes.values()), expectations_dag_id)
        ]
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
    print_what_to_do(console, [*faults, *notes])
    if not faults:
        console.print(f"{origin} is valid", style="green", markup=False)
