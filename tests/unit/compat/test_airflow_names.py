"""The names of Airflow that the package uses and that Airflow may move."""

from __future__ import annotations

import ast
from operator import attrgetter
from pathlib import Path
from pkgutil import resolve_name

import pytest
from packaging.version import Version

import airflow_provider_hybrid
from airflow_provider_hybrid.compat import MOVING_NAMES
from tests.harness.versions import AIRFLOW

PACKAGE = Path(airflow_provider_hybrid.__file__).parent
PUBLIC = {
    "airflow",
    "airflow.configuration",
    "airflow.exceptions",
    "airflow.plugins_manager",
    "airflow.sdk",
    "airflow.timetables.simple",
    "airflow.triggers.base",
}
"""Modules that Airflow documents.

https://airflow.apache.org/docs/apache-airflow/stable/public-airflow-interface.html
"""
PUBLIC_IN_PROVIDERS = (".hooks.", ".operators.")


@pytest.mark.parametrize(
    ("name", "since"), [(name, since) for since, names in MOVING_NAMES.items() for name in names]
)
def test_this_airflow_has_it(name: str, since: str) -> None:
    if Version(since) > AIRFLOW:
        pytest.skip(f"Airflow {since} is the first that has it")
    module, _, attribute = name.partition(":")
    found = resolve_name(module)

    # A module may only announce what it gets once a task runs.
    assert attribute in getattr(found, "__annotations__", {}) or attrgetter(attribute)(found), name


def test_each_import_from_within_airflow_is_listed() -> None:
    imported = {name for file in (PACKAGE / "compat").glob("*.py") for name in _private_imports(file)}

    names = [name.split(":") for names in MOVING_NAMES.values() for name in names]
    assert imported == {f"{module}:{attribute.partition('.')[0]}" for module, attribute in names}


def test_no_other_folder_imports_from_within_airflow() -> None:
    others = [file for file in PACKAGE.rglob("*.py") if file.parent.name != "compat"]

    assert {str(file): names for file in others if (names := _private_imports(file))} == {}


def _private_imports(file: Path) -> list[str]:
    return [
        f"{node.module}:{name.name}"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module and not _is_public(node.module)
        for name in node.names
    ]


def _is_public(module: str) -> bool:
    if module.startswith("airflow.providers."):
        return any(part in f"{module}." for part in PUBLIC_IN_PROVIDERS)
    return module in PUBLIC or not module.startswith("airflow.")
