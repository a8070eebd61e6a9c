"""docs/json.md has the fields that the commands print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_hybrid.cli.output.schemas import OUTPUTS, schema_of

PAGE = (Path(__file__).parents[3] / "docs" / "json.md").read_text()
SECTIONS = dict(re.findall(r"^## hybrid ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def rows(schema: dict[str, Any]) -> Iterator[str]:
    """Make the rows of the table: the fields, and those of the objects in them."""
    for name, field in schema["properties"].items():
        inner, mark = _inner(field, schema.get("$defs", {}))
        yield f"| `{name}{mark}` | {field['description']} |"
        for below, described in inner.get("properties", {}).items():
            list_of_objects = "$ref" in described.get("items", {})
            yield f"| `{name}{mark}.{below}{'[]' if list_of_objects else ''}` | {described['description']} |"


def _inner(field: dict[str, Any], defs: dict[str, Any]) -> tuple[dict[str, Any], str]:
    for described, mark in ((field, ""), (field.get("items", {}), "[]")):
        if "$ref" in described:
            inner: dict[str, Any] = defs[described["$ref"].rpartition("/")[2]]
            return inner, mark
    return {}, ""


@pytest.mark.parametrize("command", OUTPUTS)
def test_each_command_has_its_fields_in_their_words(command: str) -> None:
    schema = schema_of(command)

    assert schema["description"] in SECTIONS[command]
    assert re.findall(r"^\| `.*$", SECTIONS[command], re.MULTILINE) == list(rows(schema))


def test_no_other_command_stands_there() -> None:
    assert SECTIONS.keys() == OUTPUTS.keys()
