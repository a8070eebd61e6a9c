"""Real messages, broken on purpose."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]

SECRET = "hunter2"  # noqa: S105  (nobody's)
"""Stands for what a sender would not like to read in a log."""

REPLACEMENTS: tuple[Any, ...] = (
    None,
    True,
    0,
    -1.5,
    "",
    SECRET,
    "%ff",
    "%00",
    "\0",
    "\ud800",
    [],
    [SECRET],
    {},
    {SECRET: SECRET},
    [{SECRET: SECRET}, 5],
)
"""What takes a node's place: every JSON type, and texts that are none."""

RAW = (
    "1e999",
    "9" * 30,
    "9" * 5000,
    "NaN",
    "-Infinity",
    '"\\ud800"',
    "[" * 1000 + "]" * 1000,
    '{"a":' * 1000 + "1" + "}" * 1000,
    "[" * 100_000,
    f'"{SECRET}',
    "'",
    "",
)
"""JSON text that Python's writer would not write, or no JSON at all."""

_MARK = "@@@raw@@@"


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the way to every node below a JSON value."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in below:
        yield (*path, step)
        yield from paths(child, (*path, step))


def replaced(value: Any, path: Path, replacement: Any) -> Any:
    """Return a copy with another value in one place."""
    changed = copy.deepcopy(value)
    _parent(changed, path)[path[-1]] = replacement
    return changed


def deleted(value: Any, path: Path) -> Any:
    """Return a copy without one node."""
    changed = copy.deepcopy(value)
    del _parent(changed, path)[path[-1]]
    return changed


def with_raw(value: Any, path: Path, text: str) -> str:
    """Return the JSON text of a value in which one node is text of one's own."""
    return json.dumps(replaced(value, path, _MARK)).replace(json.dumps(_MARK), text)


def _parent(value: Any, path: Path) -> Any:
    for step in path[:-1]:
        value = value[step]
    return value
