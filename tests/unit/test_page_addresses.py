"""Where the package names a page of its documentation, it names the address: a wheel has no folder docs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

import airflow_provider_hybrid
from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.documentation import SITE, page

PACKAGE = Path(airflow_provider_hybrid.__file__).parent
FILE = re.compile(r"(?<![\w./-])docs/|\bREADME\b|(?<![\w/])[\w-]+\.md\b")
DOCS = PACKAGE.parent / "docs"


def _statements(node: ast.AST) -> list[ast.stmt]:
    body = getattr(node, "body", [])
    return body if isinstance(body, list) else []


def said(module: Path) -> Iterator[str]:
    """Yield the texts of a module that are not for its readers only."""
    tree = ast.parse(module.read_text())
    documented = {
        id(node.value)
        for outer in ast.walk(tree)
        for node in _statements(outer)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value


@pytest.mark.parametrize(
    "module", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_no_text_names_a_file_of_the_documentation(module: Path) -> None:
    assert [text for text in said(module) if FILE.search(text.replace(SITE, ""))] == []


def test_nor_does_the_help_of_a_command() -> None:
    def helps(command: typer.core.TyperCommand) -> Iterator[str]:
        yield f"{command.help} {command.epilog or ''}"
        for inner in getattr(command, "commands", {}).values():
            yield from helps(inner)

    assert [text for text in helps(typer.main.get_command(app)) if FILE.search(text)] == []  # type: ignore[arg-type]


def test_the_pages_that_are_named_exist() -> None:
    calls = [
        node.args
        for module in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == page.__name__
    ]

    names = {name.value for name, *_ in calls if isinstance(name, ast.Constant)}
    assert names
    assert [name for name in names if not (DOCS / f"{name}.md").exists()] == []
