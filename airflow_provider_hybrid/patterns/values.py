"""What an event holds, as patterns see it: dicts and lists, as `json.loads` gives them, and scalars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow_provider_hybrid.patterns.matchers.matcher import Scalar

MAX_DEPTH = 100
"""Levels of a pattern, and of an event that a pattern can reach. No event that Airflow can carry has more."""

ARRAY = (list, tuple)
"""A tuple, for `isinstance`: the union `list | tuple` would be made anew at every call."""


def scalars_in(value: Any) -> list[Scalar]:
    """Return what a condition is asked about: the value itself, or each scalar of an array, however deep."""
    if isinstance(value, ARRAY):
        return [item for item in _elements(value) if not isinstance(item, dict)]
    return [] if isinstance(value, dict) else [value]


def objects_in(value: Any) -> list[dict[str, Any]]:
    """Return the value itself if it is an object, or each object of an array, however deep."""
    if isinstance(value, ARRAY):
        return [item for item in _elements(value) if isinstance(item, dict)]
    return [value] if isinstance(value, dict) else []


def undotted(value: Any, levels: int = MAX_DEPTH) -> Any:
    """Read keys with dots as ways: ``{"a.b": 1}`` as ``{"a": {"b": 1}}``.

    The engine knows a field by its keys joined with dots, whichever way they lie in pattern and event.

    Args:
        value: An event, or what lies in one.
        levels: How deep to go; what lies deeper is out of every pattern's reach.
    """
    if levels <= 0:
        # What is not of our making must not be added to; an array of one object is as good as the object.
        return [value]
    if isinstance(value, ARRAY):
        return [undotted(item, levels - 1) for item in value]
    if not isinstance(value, dict):
        return value
    result: dict[str, Any] = {}
    for key, below in value.items():
        first, *others = key.split(".") if key.count(".") < levels else [key]
        item = undotted(below, levels - 1 - len(others))
        for part in reversed(others):
            item = {part: item}
        result[first] = _both(result[first], item) if first in result else item
    return result


def _both(one: Any, other: Any) -> Any:
    """Put two values into one field; two objects become one, as the engine sees only their fields.

    The first object takes the second one in: a sender may write thousands of keys that begin alike.
    """
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return [one, other]
    for key, item in other.items():
        one[key] = _both(one[key], item) if key in one else item
    return one


def _elements(array: Sequence[Any]) -> list[Any]:
    elements: list[Any] = []
    ahead: list[Any] = [array]
    while ahead:
        item = ahead.pop()
        if isinstance(item, ARRAY):
            ahead.extend(reversed(item))
        else:
            elements.append(item)
    return elements
