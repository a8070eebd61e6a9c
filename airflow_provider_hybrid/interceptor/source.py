"""What is deployed, as text and as an archive."""

from __future__ import annotations

import ast
import io
import textwrap
import zipfile
from importlib.resources import files

PACKAGE = "airflow_provider_hybrid"
PLACE = '"@handler.py@"'
"""Stands in the template for the function's code."""

MODULE = "index.py"
"""What CloudFormation calls code that a template holds."""


def code() -> str:
    """Return the function as one file: the handler, with what it imports of this package in its place.

    Only the handler keeps its docstring, as a template of more than 51,200 bytes cannot be deployed from a file.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    """
    return _without_explanations(_inlined("interceptor.handler", set()))


def template() -> str:
    """Return the CloudFormation template, with the function's code in it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
    """
    block = textwrap.indent(code(), 9 * " ", lambda line: not line.isspace())
    return _read("interceptor/template.yaml").replace(PLACE, f"|\n{block}".rstrip())


def archive() -> bytes:
    """Return a deployment package of the function, whose handler is ``index.handler``.

    The same code makes the same bytes.

    https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        entry = zipfile.ZipInfo(MODULE)
        # Lambda runs as another user than the one who packs.
        entry.external_attr = 0o644 << 16
        package.writestr(entry, code(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _inlined(module: str, known: set[str]) -> str:
    """Return a module's source, with that of each module of this package at its first import."""
    known.add(module)
    source = _read(f"{module.replace('.', '/')}.py")
    lines, parts, end = source.splitlines(keepends=True), [], 0
    for statement in ast.parse(source).body:
        if name := _own_module(statement):
            parts += lines[end : statement.lineno - 1]
            if name not in known:
                parts.append(_body(_inlined(name, known)))
            end = statement.end_lineno or end
    return "".join([*parts, *lines[end:]])


def _own_module(statement: ast.stmt) -> str | None:
    """Return what a statement imports of this package."""
    if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith(f"{PACKAGE}."):
        return str(statement.module).removeprefix(f"{PACKAGE}.")
    return None


def _body(source: str) -> str:
    """Leave out what only the beginning of a file may hold: its docstring and the future import."""
    return source.split("from __future__ import annotations\n", 1)[1]


def _without_explanations(source: str) -> str:
    """Leave out docstrings, comments and empty lines, but for the module's docstring."""
    lines, module = source.splitlines(keepends=True), ast.parse(source)
    head = module.body[0].end_lineno or 0
    dropped: set[int] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and len(node.body) > 1:
            for statement in filter(_is_text, node.body):
                dropped.update(range(statement.lineno, (statement.end_lineno or 0) + 1))
    kept = [
        line
        for number, line in enumerate(lines, 1)
        if number > head and number not in dropped and line.strip() and not line.lstrip().startswith("#")
    ]
    return "".join([*lines[:head], *kept])


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _read(name: str) -> str:
    return files(PACKAGE).joinpath(name).read_text(encoding="utf-8")
