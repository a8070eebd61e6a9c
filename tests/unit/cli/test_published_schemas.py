"""The schemas that the documentation publishes are those of the models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app

ROOT = Path(__file__).parents[3]
SCHEMAS = {"hybrid_dispatcher-1.json": ["schema"], "hybrid_cases-1.json": ["schema", "--cases"]}


@pytest.mark.parametrize(("name", "command"), SCHEMAS.items())
def test_a_published_schema_is_what_the_command_prints(name: str, command: list[str]) -> None:
    published = (ROOT / "docs" / "schema" / name).read_text()

    assert CliRunner().invoke(app, command).stdout == published, "`make schema` writes it anew"


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_names_its_own_address(name: str) -> None:
    published = json.loads((ROOT / "docs" / "schema" / name).read_text())

    assert published["$id"].endswith(f"/schema/{name}")
    assert "$schema" in published["properties"]


def test_the_example_of_cases_names_it() -> None:
    cases = json.loads((ROOT / "deploy" / "hybrid_cases.json").read_text())
    schema = json.loads(CliRunner().invoke(app, ["schema", "--cases"]).stdout)

    assert cases["$schema"] == schema["$id"]


def test_every_field_of_the_cases_is_described() -> None:
    schema = json.loads(CliRunner().invoke(app, ["schema", "--cases"]).stdout)

    for model in (schema, *schema["$defs"].values()):
        assert [name for name, field in model["properties"].items() if not field.get("description")] == []
