"""What the README and the page of the Variable say of the configuration is true."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from airflow_provider_hybrid.cli.init import CONFIGURATION as INIT
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.router import route_message

PROJECT = Path(__file__).parents[2]
EVENTS = PROJECT / "tests" / "events"
README = (PROJECT / "README.md").read_text()
VARIABLE = (PROJECT / "docs" / "reference" / "variable.md").read_text()


def only_block(text: str, language: str) -> str:
    """Return a page's only block of code in a language."""
    (block,) = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return str(block)


FIRST = only_block(README, "json")
EXAMPLE = only_block(VARIABLE, "json configuration")


def notification(key: str, size: int, bucket: str = "partner-a") -> Any:
    """Write what S3 sends to a queue for an upload."""
    document = json.loads((EVENTS / "aws_s3_2_1_put.json").read_text())
    s3 = document["Records"][0]["s3"]
    s3["bucket"]["name"] = bucket
    s3["object"] |= {"key": quote_plus(key, safe="/"), "size": size}
    return document


def eventbridge(key: str, size: int) -> Any:
    """Write what S3 sends to EventBridge for an upload."""
    document = json.loads((EVENTS / "aws_eventbridge_s3_created.json").read_text())
    document["detail"]["bucket"]["name"] = "partner-a"
    document["detail"]["object"] |= {"key": key, "size": size}
    return document


@pytest.mark.parametrize("configuration", [EXAMPLE, INIT], ids=["the page", "hybrid init"])
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
def test_the_route_starts_a_run_for_a_file_of_a_day_and_for_nothing_else(
    configuration: str, shape: Callable[[str, int], Any], key: str, size: int, day: str | None
) -> None:
    """A folder is an empty object; tools leave others beside it."""
    config = parse_config(configuration)

    delivery = route_message(Message("m-1", json.dumps(shape(key, size))), config.compiled_routes)

    started = [(launch.trigger_dag_id, launch.conf) for launch in delivery.launches]
    conf = {"bucket": "partner-a", "key": key, "day": day}
    assert started == ([("partner_a", conf)] if day else [])
    assert (delivery.rejection.error_type if delivery.rejection else None) == (None if day else "Unmatched")


@pytest.mark.parametrize(
    ("key", "dag_ids"),
    [
        ("orders/2026-11-29.csv", ["orders"]),
        ("orders/2026-11-29.csv.tmp", []),
        ("invoices/2026-11-29.csv", []),
    ],
)
def test_the_first_route_starts_what_it_names(key: str, dag_ids: list[str]) -> None:
    message = Message("m-1", json.dumps(notification(key, 1, bucket="shop")))

    launches = route_message(message, parse_config(FIRST).compiled_routes).launches

    assert [launch.trigger_dag_id for launch in launches] == dag_ids
    assert [launch.conf for launch in launches] == [{"bucket": "shop", "key": key}] * len(dag_ids)


def test_the_first_dag_is_an_example() -> None:
    example = (PROJECT / "example_dags" / "orders.py").read_text()

    assert only_block(README, "python") == example.partition('"""\n\n')[2]


def test_the_first_example_is_short() -> None:
    assert len(FIRST.splitlines()) <= 15
    assert len(only_block(README, "python").split("\n\n\n")[1].splitlines()) <= 15
