"""The version of a configuration: which ones are read, and how an older one becomes a newer one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_hybrid.cli.init import CONFIGURATION
from airflow_provider_hybrid.config import version
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import find_faults, parse_config
from airflow_provider_hybrid.config.version import SCHEMA_URL, migrated

ROUTE = {"name": "a", "event_pattern": {"source": ["a"]}, "trigger_dag_id": "a"}
DOCUMENT: dict[str, Any] = {"queue_url": "https://sqs/1/events", "routes": [ROUTE]}
HEAD = {"$schema": SCHEMA_URL, "version": 1}


def faults(**changes: Any) -> DispatcherConfig | list[str]:
    return find_faults(json.dumps({**DOCUMENT, **changes}), lambda name: name)


@pytest.mark.parametrize("head", [{}, {"version": 1}, {"$schema": "https://example.com/mine.json"}, HEAD])
def test_a_version_and_a_schema_may_be_named(head: dict[str, Any]) -> None:
    config = parse_config(json.dumps({**head, **DOCUMENT}))

    assert config.version == 1


def test_a_later_version_is_the_one_fault_whatever_else_it_holds() -> None:
    assert faults(version=2, rutes=[], queue_url=7) == [
        "version: this airflow-provider-hybrid reads versions up to 1; install a newer one in every "
        "component of Airflow, or set the configuration that was there before; value found: 2"
    ]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (0, "version: Input should be greater than or equal to 1; value found: 0"),
        ("1", 'version: Input should be a valid integer; value found: "1"'),
        (True, "version: Input should be a valid integer; value found: true"),
    ],
)
def test_what_is_no_version_is_a_fault(value: Any, sentence: str) -> None:
    assert faults(version=value) == [sentence]


def test_the_new_form_has_both_in_front_and_the_rest_to_the_letter() -> None:
    new = migrated(CONFIGURATION)

    assert new.startswith(f'{{\n  "$schema": "{SCHEMA_URL}",\n  "version": 1,\n  "//": [\n')
    assert new.replace(f'  "$schema": "{SCHEMA_URL}",\n  "version": 1,\n', "") == CONFIGURATION
    assert isinstance(find_faults(new, lambda name: name), DispatcherConfig)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ('{"routes": []}', f'{{ "$schema": "{SCHEMA_URL}", "version": 1, "routes": []}}'),
        (
            '\n{\t"version": 1, "routes": []}',
            f'\n{{\t"$schema": "{SCHEMA_URL}", "version": 1, "routes": []}}',
        ),
        ('{"$schema": "mine", "routes": []}', '{ "version": 1, "$schema": "mine", "routes": []}'),
    ],
)
def test_only_what_is_missing_is_added(text: str, new: str) -> None:
    assert json.loads(migrated(text)) == json.loads(new)
    assert migrated(text).replace(" ", "").replace("\t", "") == new.replace(" ", "").replace("\t", "")


def test_the_new_form_stays_as_it_is() -> None:
    assert migrated(migrated(CONFIGURATION)) == migrated(CONFIGURATION)


def test_an_older_form_goes_through_each_form_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one form so far; here are the two that may follow."""

    def to_2(document: dict[str, Any]) -> dict[str, Any]:
        return {("paths" if key == "routes" else key): value for key, value in document.items()}

    def to_3(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "third": True}

    monkeypatch.setattr(version, "VERSION", 3)
    monkeypatch.setattr(version, "MIGRATIONS", (to_2, to_3))

    first = json.loads(migrated('{"//": "größe", "routes": [], "queue_url": "q"}'))
    second = json.loads(migrated('{"version": 2, "paths": []}'))

    assert list(first.items()) == [
        *{"$schema": SCHEMA_URL, "version": 3, "//": "größe", "paths": [], "queue_url": "q"}.items(),
        ("third", True),
    ]
    assert second == {"$schema": SCHEMA_URL, "version": 3, "paths": [], "third": True}


def test_there_is_a_migration_to_each_version() -> None:
    assert len(version.MIGRATIONS) == version.VERSION - 1


def test_the_schema_s_address_is_that_of_a_file_in_the_documentation() -> None:
    docs = Path(__file__).parents[3] / "docs"

    assert (docs / SCHEMA_URL.removeprefix(version.SITE)).is_file()
