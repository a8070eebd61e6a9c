"""The values in an event, as patterns see them: scalars and objects, whatever arrays they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow_provider_hybrid.patterns.matchers.matcher import Scalar

MAX_DEPTH = 100
"""The most levels of a pattern, and of an event that a pattern reaches. Airflow carries no deeper event."""

ARRAY = (list, tuple)
"""The types of an array. It is a tuple because Python would build the union `list | tuple` at every call."""


def scalars_in(value: Any) -> list[Scalar]:
    """Return the value itself if it is a scalar, or each scalar of an array, however deep."""
    if isinstance(value, ARRAY):
        return [item for item in _elements(value) if not isinstance(item, dict)]
    return [] if isinstance(value, dict) else [value]


def objects_in(value: Any) -> list[dict[str, Any]]:
    """Return the value itself if it is an object, or each object of an array, however deep."""
    if isinstance(value, ARRAY):
        return [item for item in _elements(value) if isinstance(item, dict)]
    return [value] if isinstance(value, dict) else []


def undotted(value: Any, levels: int = MAX_DEPTH) -> Any:
    """Read keys with dots as paths: ``{"a.b": 1}`` as ``{"a": {"b": 1}}``.

    The engine names a field by its keys joined with dots, so it cannot tell these two apart.

    Args:
        value: An event, or a value in one.
        levels: The levels to read; no pattern reaches deeper ones.
    """
    if levels <= 0:
        # `_both` must not change an object of the event itself. An array of one object matches as the object.
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
    """Put two values into one field. Two objects become one: the engine sees only their fields.

    The first object is changed, not copied: a sender may write thousands of keys that begin alike.
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
