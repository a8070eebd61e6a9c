"""`hybrid interceptor` as one types it."""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import airflow_provider_hybrid
from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.interceptor.source import code

PACKAGE = Path(airflow_provider_hybrid.__file__).parent

IMPORT = "from airflow_provider_hybrid."

LIMIT = 51_200
"""Bytes of a template that need no bucket to be deployed from.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short functions as their arguments."""


def _function(loader: Loader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


Loader.add_multi_constructor("!", _function)


@pytest.fixture(scope="module")
def printed() -> str:
    result = CliRunner().invoke(app, ["interceptor", "template"])
    assert result.exit_code == 0
    return result.stdout


def test_the_template_has_the_functions_code_in_it(printed: str) -> None:
    function = yaml.load(printed, Loader)["Resources"]["Interceptor"]["Properties"]  # noqa: S506  (a SafeLoader)

    assert function["Code"]["ZipFile"].rstrip() == code().rstrip()
    assert function["Handler"] == "index.handler"
    assert function["DeadLetterConfig"]


def test_the_template_can_be_deployed_as_it_is_printed(printed: str) -> None:
    assert len(printed.encode()) < LIMIT
    assert "Transform" not in yaml.load(printed, Loader)  # noqa: S506  (a SafeLoader)


def statements(source: str) -> set[str]:
    """Return what a module does, without docstrings, types of arguments, and imports of this package."""
    module = ast.parse(source)
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and len(node.body) > 1:
            node.body = [inner for inner in node.body if not is_docstring(inner)]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return {text for text in map(ast.unparse, module.body) if not text.startswith(IMPORT)}


def is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def source_of(module: str) -> str:
    return (PACKAGE / f"{module.replace('.', '/')}.py").read_text()


def modules(module: str) -> set[str]:
    """Return a module with those of this package that it needs."""
    needed = re.findall(rf"(?m)^{re.escape(IMPORT)}(\S+)", source_of(module))
    return {module}.union(*map(modules, needed))


def test_the_deployed_code_is_that_of_the_package_without_its_explanations() -> None:
    needed = modules("interceptor.handler")

    assert {"events.records.s3", "events.records.wire", "interceptor.send"} < needed
    assert statements(code()) == set().union(*(statements(source_of(name)) for name in needed))


def test_the_archive_is_the_function_and_the_same_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / "one.zip", tmp_path / "two.zip"]
    for file in files:
        assert CliRunner().invoke(app, ["interceptor", "zip", str(file)]).exit_code == 0

    with zipfile.ZipFile(io.BytesIO(files[0].read_bytes())) as package:
        (entry,) = package.infolist()
    monkeypatch.syspath_prepend(str(files[0]))
    assert entry.external_attr >> 16 == 0o644
    assert inspect.getsource(importlib.import_module("index")) == code()
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "interceptor.zip"

    result = CliRunner().invoke(app, ["interceptor", "zip", str(file)])

    assert result.exit_code == 2
    assert result.stderr == f"hybrid interceptor zip: {file}: No such file or directory\n"
