"""`hybrid doctor`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from airflow_provider_hybrid.cli.aws import airflow_is_quiet
from airflow_provider_hybrid.cli.configuration import VariableOption, read_configuration
from airflow_provider_hybrid.cli.doctor.examination import examine
from airflow_provider_hybrid.cli.doctor.finding import Finding
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.printing import console_for_people, plain, print_what_to_do
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE, parse_config

STYLES = {"fine": "green", "warning": "yellow", "fault": "red"}


def doctor(
    file: Annotated[
        Path | None, typer.Argument(help="The configuration. Default: the Variable.", show_default=False)
    ] = None,
    variable: VariableOption = DEFAULT_VARIABLE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Check a live set-up from Airflow's side: packages, connection, queues, rights and DAGs.

    It changes nothing and touches no message. Exits with code 0 if there is no fault, 1 if there is one, 2 if
    there is no configuration to begin with.
    """
    with leaving_with_2("hybrid doctor"), airflow_is_quiet():
        config = parse_config(*read_configuration(file, variable))
    findings = list(examine(config))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        _print(findings)
    raise typer.Exit(int(any(finding.level == "fault" for finding in findings)))


def _print(findings: Sequence[Finding]) -> None:
    console = console_for_people(wide=True)
    table = Table("", "check", "found", "what to do")
    for finding in findings:
        level = plain(finding.level, STYLES[finding.level])
        table.add_row(level, plain(finding.check), plain(finding.found), plain(finding.mend))
    console.print(table)
    faults = [finding for finding in findings if finding.level != "fine"]
    print_what_to_do(console, (text for finding in faults for text in (finding.mend, finding.found)))
