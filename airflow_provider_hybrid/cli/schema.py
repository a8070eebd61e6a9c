"""`hybrid schema`: JSON schemas, of the configuration and of what commands print."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from airflow_provider_hybrid.cli.output.schemas import OUTPUTS, schema_of
from airflow_provider_hybrid.config.models import DispatcherConfig

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(
    output: Annotated[
        str | None,
        typer.Option(
            metavar="COMMAND",
            help=f"What this command prints with --json: {', '.join(OUTPUTS)}.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Print the configuration's JSON schema, for editors; or that of a command's output, for programs."""
    if output is not None and output not in OUTPUTS:
        raise typer.BadParameter(f"{output!r} has no --json. These have: {', '.join(OUTPUTS)}")
    document = schema_of(output) if output else DispatcherConfig.model_json_schema()
    typer.echo(json.dumps({"$schema": DIALECT} | document, indent=2))
