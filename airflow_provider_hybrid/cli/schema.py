"""`hybrid schema`: JSON schemas, of what people write and of what commands print."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from airflow_provider_hybrid.cli.output.schemas import OUTPUTS, schema_of
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.schema import DIALECT, json_schema
from airflow_provider_hybrid.config.version import SCHEMA_URL
from airflow_provider_hybrid.testing.cases import SCHEMA_URL as CASES_URL
from airflow_provider_hybrid.testing.cases import Cases


def schema(
    output: Annotated[
        str | None,
        typer.Option(
            metavar="COMMAND",
            help=f"The schema of what this command prints with --json: {', '.join(OUTPUTS)}.",
            show_default=False,
        ),
    ] = None,
    cases: Annotated[
        bool, typer.Option("--cases", help="The schema of a file with cases for `hybrid test`.")
    ] = False,
) -> None:
    """Print the configuration's JSON schema, for editors; or that of a command's output, for programs."""
    if output is not None and output not in OUTPUTS:
        raise typer.BadParameter(f"{output!r} has no --json. These have: {', '.join(OUTPUTS)}")
    if output:
        document = {"$schema": DIALECT} | schema_of(output)
    else:
        document = json_schema(Cases, CASES_URL) if cases else json_schema(DispatcherConfig, SCHEMA_URL)
    typer.echo(json.dumps(document, indent=2))
