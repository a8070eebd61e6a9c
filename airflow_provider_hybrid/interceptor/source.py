"""What is deployed, as text and as an archive."""

from __future__ import annotations

import ast
import io
import textwrap
import zipfile
from importlib.resources import files

from airflow_provider_hybrid.events import records

PACKAGE = files("airflow_provider_hybrid")
PLACE = '"@handler.py@"'
"""Stands in the template for the function's code."""

MODULE = "index.py"
"""What CloudFormation calls code that a template holds."""


def code() -> str:
    """Return the function as one file: the handler, with `records` in the place of its import."""
    handler, shared = _read("interceptor/handler.py"), _read("events/records.py")
    lines = handler.splitlines(keepends=True)
    place = next(one for one in ast.parse(handler).body if _imports(one, records.__name__))
    future = next(one for one in ast.parse(shared).body if _imports(one, "__future__"))
    inlined = shared.splitlines(keepends=True)[future.end_lineno :]
    return "".join([*lines[: place.lineno - 1], *inlined, *lines[place.end_lineno :]])


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


def _read(name: str) -> str:
    return (PACKAGE / name).read_text(encoding="utf-8")


def _imports(statement: ast.stmt, module: str) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == module
