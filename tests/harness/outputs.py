"""What a command prints with `--json`, checked against the schema that `hybrid schema --output` prints."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app


def output_of(command: str, stdout: str) -> Any:
    """Read what a command printed, and check that it has the shape that is described, and nothing else.

    Args:
        command: Its words: ``dead-letters list``.
        stdout: What it printed.
    """
    document = json.loads(stdout)
    _validator(command).validate(document)
    return document


@lru_cache
def _validator(command: str) -> Draft202012Validator:
    schema = json.loads(CliRunner().invoke(app, ["schema", "--output", command]).stdout)
    for part in (schema, *schema.get("$defs", {}).values()):
        if part.get("type") == "object":
            part["additionalProperties"] = False
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)
