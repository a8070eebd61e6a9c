"""The differences between a JSON value that was expected and the one that was found, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from airflow_provider_hybrid.events.json_text import kind
from airflow_provider_hybrid.exceptions import dotted

LONGEST = 200
"""The most characters of a value that a difference shows."""


def differences(expected: Any, found: Any, path: tuple[str | int, ...]) -> Iterator[str]:
    """Name each place at which two values differ, in a sentence.

    Args:
        expected: The value that was expected. A value in it may be of any class that knows what it is equal
            to, as `unittest.mock.ANY` and `pytest.approx` do.
        found: The value that was found.
        path: Where both are.
    """
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for key in expected:
            if key in found:
                yield from differences(expected[key], found[key], (*path, key))
            else:
                yield f"{dotted((*path, key))}: expected {shown(expected[key])}, found nothing"
        for key in found:
            if key not in expected:
                yield f"{dotted((*path, key))}: expected nothing, found {shown(found[key])}"
    elif isinstance(expected, list) and isinstance(found, list):
        for index, (one, other) in enumerate(zip(expected, found, strict=False)):
            yield from differences(one, other, (*path, index))
        if len(expected) != len(found):
            yield f"{dotted(path)}: expected {len(expected)} elements, found {len(found)}"
    elif expected != found or isinstance(expected, bool) != isinstance(found, bool):
        yield f"{dotted(path)}: expected {shown(expected)}, found {shown(found)}{_kinds(expected, found)}"


def shown(value: Any) -> str:
    """Write a value, shortened."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _kinds(expected: Any, found: Any) -> str:
    """Name the types of two values that look alike, as ``'5'`` and ``5`` do."""
    if str(expected) != str(found):
        return ""
    return (
        f" (a {kind(expected)} and a {kind(found)}: a template that is one expression keeps its value's "
        "type, and any other makes a text)"
    )
