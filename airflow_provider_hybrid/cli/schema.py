"""`hybrid schema`: the configuration's JSON schema."""

from __future__ import annotations

import json

import typer

from airflow_provider_hybrid.config.models import DispatcherConfig


def schema() -> None:
    """Print the configuration's JSON schema, for editors."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema"
    } | DispatcherConfig.model_json_schema()
    typer.echo(json.dumps(document, indent=2))
