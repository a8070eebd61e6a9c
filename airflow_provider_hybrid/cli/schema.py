"""`hybrid schema`: the JSON schemas of the documents that people write."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.schema import json_schema
from airflow_provider_hybrid.config.version import SCHEMA_URL
from airflow_provider_hybrid.testing.cases import SCHEMA_URL as CASES_URL
from airflow_provider_hybrid.testing.cases import Cases


def schema(
    cases: Annotated[bool, typer.Option("--cases", help="That of the cases of `hybrid test`.")] = False,
) -> None:
    """Print the configuration's JSON schema, for editors."""
    document = json_schema(Cases, CASES_URL) if cases else json_schema(DispatcherConfig, SCHEMA_URL)
    typer.echo(json.dumps(document, indent=2))
