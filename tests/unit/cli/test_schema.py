"""`hybrid schema`, and what an editor makes of it."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from airflow_provider_hybrid.cli.init import CONFIGURATION
from airflow_provider_hybrid.cli.main import app


def test_it_describes_every_field() -> None:
    schema = json.loads(CliRunner().invoke(app, ["schema"]).stdout)

    for model in (schema, schema["$defs"]["RouteConfig"], schema["$defs"]["BatchConfig"]):
        assert model["additionalProperties"] is False
        assert [name for name, field in model["properties"].items() if not field.get("description")] == []


def test_what_init_writes_fits_it() -> None:
    schema = json.loads(CliRunner().invoke(app, ["schema"]).stdout)

    assert json.loads(CONFIGURATION).keys() <= schema["properties"].keys()
    assert set(schema["required"]) <= json.loads(CONFIGURATION).keys()
