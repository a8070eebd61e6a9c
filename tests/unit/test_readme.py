"""What the README says of the configuration is true."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from airflow_provider_hybrid.cli.init import CONFIGURATION as INIT
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.config.route import RouteConfig
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.router import route_message

EVENTS = Path(__file__).parents[1] / "events"
README = (Path(__file__).parents[2] / "README.md").read_text()
ROWS = re.findall(r"^\| `(\w+)` \| (.*?) \|", README, re.MULTILINE)
FIELDS = [
    (name, field)
    for model in (DispatcherConfig, RouteConfig)
    for name, field in model.model_fields.items()
    if not field.alias
]
DEFAULTS = {
    "conf": "the whole event",
    "event_id": "the event's own id",
    "note": "the event, the route and the dispatcher's run",
    "subject": "the object's key, else the first resource",
} | {"batch": "one run per event", "routes": "required without `include`"}


def notification(key: str, size: int) -> Any:
    """Write what S3 sends to a queue for an upload."""
    document = json.loads((EVENTS / "aws_s3_2_1_put.json").read_text())
    s3 = document["Records"][0]["s3"]
    s3["bucket"]["name"] = "partner-a"
    s3["object"] |= {"key": quote_plus(key, safe="/"), "size": size}
    return document


def eventbridge(key: str, size: int) -> Any:
    """Write what S3 sends to EventBridge for an upload."""
    document = json.loads((EVENTS / "aws_eventbridge_s3_created.json").read_text())
    document["detail"]["bucket"]["name"] = "partner-a"
    document["detail"]["object"] |= {"key": key, "size": size}
    return document


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_every_field_stands_there_with_its_default(name: str, field: Any) -> None:
    default = "required" if field.is_required() else f"`{json.dumps(field.default)}`"

    assert (name, DEFAULTS.get(name, default)) in ROWS


def test_nothing_else_stands_there() -> None:
    assert sorted(name for name, _ in ROWS) == sorted(name for name, _ in FIELDS)
    assert '"max_events"' in README


(CONFIGURATION,) = re.findall(r"^```json\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_its_configuration_is_valid() -> None:
    assert [route.name for route in parse_config(CONFIGURATION).routes] == ["partner_a"]


@pytest.mark.parametrize("configuration", [CONFIGURATION, INIT], ids=["README", "hybrid init"])
@pytest.mark.parametrize("shape", [notification, eventbridge])
@pytest.mark.parametrize(
    ("key", "size", "day"),
    [
        ("orders/2026-11-22/orders.csv", 1, "2026-11-22"),
        ("orders/2026-11-22/north/a b+c.csv", 9, "2026-11-22"),
        ("orders/", 0, None),
        ("orders/2026-11-22/", 0, None),
        ("orders/orders.csv", 9, None),
        ("orders//orders.csv", 9, None),
        ("orders/2026-11-22/orders.csv", 0, None),
        ("orders/2026-11-22/orders.json", 9, None),
        ("orders/2026-11-22/orders.csv.tmp", 9, None),
        ("archive/orders/2026-11-22/orders.csv", 9, None),
        ("orders/2026-11-22.csv", 9, None),
        ("orders_$folder$", 0, None),
    ],
)
def test_its_route_starts_a_run_for_a_file_of_a_day_and_for_nothing_else(
    configuration: str, shape: Callable[[str, int], Any], key: str, size: int, day: str | None
) -> None:
    """A folder is an empty object; tools leave others beside it."""
    config = parse_config(configuration)

    delivery = route_message(Message("m-1", json.dumps(shape(key, size))), config.compiled_routes)

    started = [(launch.trigger_dag_id, launch.conf) for launch in delivery.launches]
    conf = {"bucket": "partner-a", "key": key, "day": day}
    assert started == ([("partner_a", conf)] if day else [])
    assert (delivery.rejection.error_type if delivery.rejection else None) == (None if day else "Unmatched")
