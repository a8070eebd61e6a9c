"""`hybrid schema`, and what an editor makes of it."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.init import CONFIGURATION
from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.cli.output.schemas import OUTPUTS


def test_it_describes_every_field() -> None:
    schema = json.loads(CliRunner().invoke(app, ["schema"]).stdout)

    for model in (schema, schema["$defs"]["RouteConfig"], schema["$defs"]["BatchConfig"]):
        assert model["additionalProperties"] is False
        assert [name for name, field in model["properties"].items() if not field.get("description")] == []


def test_what_init_writes_fits_it() -> None:
    schema = json.loads(CliRunner().invoke(app, ["schema"]).stdout)

    assert json.loads(CONFIGURATION).keys() <= schema["properties"].keys()
    assert set(schema["required"]) <= json.loads(CONFIGURATION).keys()


@pytest.mark.parametrize("command", OUTPUTS)
def test_each_output_is_described_field_by_field(command: str) -> None:
    schema = json.loads(CliRunner().invoke(app, ["schema", "--output", command]).stdout)

    for part in (schema, *schema.get("$defs", {}).values()):
        if part.get("type") == "object":
            assert part["description"]
            assert [name for name, field in part["properties"].items() if not field.get("description")] == []
            assert set(part["required"]) == set(part["properties"]), "a field is always there"


def test_every_command_with_json_has_a_schema() -> None:
    def with_json(command: typer.core.TyperCommand, words: str) -> list[str]:
        inner = getattr(command, "commands", {})
        own = [words] if any("--json" in parameter.opts for parameter in command.params) else []
        return own + [one for name in inner for one in with_json(inner[name], f"{words} {name}".strip())]

    assert set(with_json(typer.main.get_command(app), "")) == set(OUTPUTS)  # type: ignore[arg-type]


def test_a_command_without_json_is_named() -> None:
    result = CliRunner().invoke(app, ["schema", "--output", "init"])

    assert result.exit_code == 2
    assert "'init' has no --json" in result.stderr
