"""The pages of `docs` that the code writes are as the code is."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

import airflow_provider_hybrid
from airflow_provider_hybrid.config.base import Model
from airflow_provider_hybrid.config.expect import ExpectConfig
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.config.route import BatchConfig, RouteConfig
from tests.harness.environment import PROJECT
from tests.reference.pages import PAGES

ROUTE: dict[str, Any] = {"name": "orders", "event_pattern": {"source": ["a"]}, "trigger_dag_id": "orders"}
EXAMPLES = [
    (model, info.alias or name, info.examples[0])
    for model in (DispatcherConfig, RouteConfig, BatchConfig, ExpectConfig)
    for name, info in model.model_fields.items()
    if info.examples
]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_is_as_the_code_is(path: Path) -> None:
    if path.name == "commands.md" and Version(version("typer")) < Version("0.17"):
        pytest.skip("this Typer loses the help of arguments with the newest Click, also for `--help`")
    assert path.read_text() == PAGES[path](), "it is out of date: `make reference` writes it anew"


def configuration(model: type[Model], name: str, value: Any) -> dict[str, Any]:
    """Put a field's value into a configuration."""
    dispatcher: dict[str, Any] = {"queue_url": "https://sqs/1/events", "routes": [ROUTE]}
    if model is DispatcherConfig:
        return dispatcher | {name: value}
    if model is RouteConfig:
        return dispatcher | {"routes": [ROUTE | {name: value}]}
    if model is BatchConfig:
        return dispatcher | {
            "routes": [ROUTE | {"batch": {"max_events": 2, "window_seconds": 60, name: value}}]
        }
    expectation = {"route": "orders", "by": "07:00", name: value}
    return dispatcher | {"routes": [ROUTE, ROUTE | {"name": "partner_a"}], "expect": [expectation]}


@pytest.mark.parametrize(("model", "name", "value"), EXAMPLES)
def test_a_fields_example_is_accepted(model: type[Model], name: str, value: Any) -> None:
    document = json.dumps(configuration(model, name, value))

    parse_config(document, read_included=lambda other: json.dumps([ROUTE | {"name": other}]))


@pytest.mark.parametrize("model", [DispatcherConfig, RouteConfig, BatchConfig, ExpectConfig])
def test_a_number_says_of_what(model: type[Model]) -> None:
    units = re.compile(r"seconds|messages|events|runs|version", re.IGNORECASE)
    numbers = {
        name: info.description or ""
        for name, info in model.model_fields.items()
        if "int" in str(info.annotation)
    }

    assert [name for name, description in numbers.items() if not units.search(description)] == []


def test_every_public_name_is_in_the_python_reference() -> None:
    reference = PROJECT / "docs" / "reference"
    described = "".join((reference / page).read_text() for page in ("python.md", "errors.md"))
    names = set(airflow_provider_hybrid.__all__) - {"__version__", "HybridError"}

    assert names <= {path.rpartition(".")[2] for path in re.findall(r"^::: (\S+)$", described, re.MULTILINE)}
    assert "::: airflow_provider_hybrid.exceptions\n" in described
