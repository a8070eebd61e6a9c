"""What is deployed, as text and as an archive."""

from __future__ import annotations

import io
import textwrap
import zipfile
from importlib.resources import files

FOLDER = files(__package__)
PLACE = '"@handler.py@"'
"""Stands in the template for the function's code."""

MODULE = "index.py"
"""What CloudFormation calls code that a template holds."""


def template() -> str:
    """Return the CloudFormation template, with the function's code in it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
    """
    code = textwrap.indent(_read("handler.py"), 10 * " ", lambda line: not line.isspace())
    return _read("template.yaml").replace(PLACE, f"|\n{code}".rstrip())


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
        package.writestr(entry, _read("handler.py"), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
