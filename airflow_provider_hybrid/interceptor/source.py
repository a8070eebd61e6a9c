"""The forms in which the interceptor is deployed: one Python file, a template around it, and an archive."""

from __future__ import annotations

import ast
import io
import json
import re
import textwrap
import zipfile
from importlib.resources import files
from urllib.parse import quote_plus

PACKAGE = "airflow_provider_hybrid"
PLACE = '"@handler.py@"'
"""The place of the function's code in the template."""

SAFE = "/!_.'()-"
"""The characters, beside letters and digits, that a notification's filter takes as they are in a key.

- https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html#object-key-guidelines-safe-characters
"""

ENCODED = "%+ =:@&,;"
"""The others that ``Prefix`` and ``Suffix`` may have. ``%`` and ``+``, which encode others, come first."""

MODULE = "index.py"
"""The name that CloudFormation gives to code in a template."""


def code() -> str:
    """Return the function as one file: the handler, with what it imports of this package in its place.

    It has no comments, only one docstring and no import twice, and a level of indentation is one space:
    CloudFormation takes no more than 51,200 bytes from a file.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    """
    bare = _importing_once(ast.unparse(_Bare().visit(ast.parse(_inlined("interceptor.handler", set())))))
    return re.sub("(?m)^(?:    )+", lambda indentation: " " * (len(indentation[0]) // 4), bare) + "\n"


def template() -> str:
    """Return the CloudFormation template, with the function's code in it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
    """
    block = textwrap.indent(code(), 9 * " ", lambda line: not line.isspace())
    places = {
        PLACE: f"|\n{block}".rstrip(),
        '"@allowed@"': json.dumps(f"[A-Za-z0-9{ENCODED}{SAFE}]*"),
        '"@Prefix@"': _as_s3_wants_it("Prefix"),
        '"@Suffix@"': _as_s3_wants_it("Suffix"),
    }
    lines = _read("interceptor/template.yaml").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.lstrip().startswith("#"))
    for place, content in places.items():
        text = text.replace(place, content)
    return text


def archive() -> bytes:
    """Return a deployment package of the function, whose handler is ``index.handler``.

    The same code makes the same bytes.

    https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        entry = zipfile.ZipInfo(MODULE)
        # Lambda's user is not the owner of the file.
        entry.external_attr = 0o644 << 16
        package.writestr(entry, code(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _as_s3_wants_it(parameter: str) -> str:
    """Return an expression with which CloudFormation URL-encodes a parameter, one character after another."""
    value = f"!Ref {parameter}"
    for character in ENCODED:
        value = (
            f"!Join [{json.dumps(quote_plus(character, safe=''))}, !Split [{json.dumps(character)}, {value}]]"
        )
    return value


def _inlined(module: str, known: set[str]) -> str:
    """Return a module's source, with the source of this package's modules in the place of first imports."""
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
    """Return the module of this package that a statement imports; None if it imports none."""
    if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith(f"{PACKAGE}."):
        return str(statement.module).removeprefix(f"{PACKAGE}.")
    return None


def _body(source: str) -> str:
    """Return a source without its docstring and its future import, which only a file's beginning may hold."""
    return source.split("from __future__ import annotations\n", 1)[1]


def _importing_once(source: str) -> str:
    """Leave out every import of a module's top level that stands above it already."""
    seen: set[str] = set()
    lines = []
    for line in source.splitlines():
        if not (line.startswith(("import ", "from ")) and line in seen):
            lines.append(line)
        seen.add(line)
    return "\n".join(lines)


class _Bare(ast.NodeTransformer):
    """Removes all docstrings but the module's, and the types of arguments and results."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        first, *others = node.body
        node.body = [first, *filter(_is_no_text, others)]
        self.generic_visit(node)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self.generic_visit(node)
        node.body = [*filter(_is_no_text, node.body)] or node.body
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.body, node.returns = [*filter(_is_no_text, node.body)], None
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node


def _is_no_text(statement: ast.stmt) -> bool:
    return not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))


def _read(name: str) -> str:
    return files(PACKAGE).joinpath(name).read_text(encoding="utf-8")
