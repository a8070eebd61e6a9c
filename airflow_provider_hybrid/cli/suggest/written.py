"""JSON as people write it: what is short stands on one line. PURE: it calls nobody."""

from __future__ import annotations

import json
from typing import Any

WIDTH = 90
"""Columns that a list or an object may take to stand on one line."""

STEP = "  "


def as_written(value: Any, indent: str = "") -> str:
    """Write a JSON value, which steers no terminal.

    Args:
        value: The value.
        indent: The spaces before it.
    """
    line = _on_one_line(value)
    if len(indent) + len(line) <= WIDTH or not isinstance(value, dict | list):
        return line
    inner = indent + STEP
    if isinstance(value, dict):
        parts = [f"{_on_one_line(key)}: {as_written(member, inner)}" for key, member in value.items()]
    else:
        parts = [as_written(member, inner) for member in value]
    first, last = "{}" if isinstance(value, dict) else "[]"
    return f"{first}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{last}"


def _on_one_line(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)
