"""What the README says of the configuration is true."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_hybrid.config import DispatcherConfig, RouteConfig, parse_config

README = (Path(__file__).parents[2] / "README.md").read_text()
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", README, re.MULTILINE))
FIELDS = {
    name: field
    for model in (DispatcherConfig, RouteConfig)
    for name, field in model.model_fields.items()
    if not field.alias
}
DEFAULTS = {"conf": "the whole event", "event_id": "the event's own id", "note": "route and event id"} | {
    "batch": "one run per event"
}


@pytest.mark.parametrize(("name", "field"), FIELDS.items())
def test_every_field_stands_there_with_its_default(name: str, field: Any) -> None:
    default = "required" if field.is_required() else f"`{json.dumps(field.default)}`"

    assert ROWS[name] == DEFAULTS.get(name, default)


def test_nothing_else_stands_there() -> None:
    assert ROWS.keys() == FIELDS.keys()
    assert '"max_events"' in README


def test_its_configuration_is_valid() -> None:
    (document,) = re.findall(r"^```json\n(.*?)^```", README, re.MULTILINE | re.DOTALL)

    assert [route.name for route in parse_config(document).routes] == ["partner_a"]
