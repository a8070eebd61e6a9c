"""``EVENT_PATTERN``: an EventBridge event pattern of exact values, prefix, suffix, anything-but and exists.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import functools
import json
from typing import Any

from airflow_provider_hybrid.events.records.facts import Json

ABSENT = object()
"""The value of a field that is not there."""


@functools.cache
def read_pattern(text: str) -> Json:
    """Return an event pattern.

    Raises:
        ValueError: If the text is no JSON, or if `check` refuses it.
    """
    pattern = json.loads(text)
    check([] if isinstance(pattern, list) else pattern)
    return dict(pattern)


def check(wanted: Any) -> None:
    """Raise ValueError if a pattern has anything that this file does not know."""
    if isinstance(wanted, list) and wanted:
        for condition in wanted:
            holds(condition, ABSENT)
        return
    if not isinstance(wanted, dict) or "$or" in wanted or any("." in name for name in wanted):
        raise ValueError(f"EVENT_PATTERN: not known here, leave it to a route: {json.dumps(wanted)}")
    for inner in wanted.values():
        check(inner)


def matches(wanted: Any, value: Any) -> bool:
    """Say whether a value matches a pattern. Of an array, one element must match."""
    if isinstance(value, list) and value:
        return any(matches(wanted, element) for element in value)
    if isinstance(wanted, dict):
        fields = value if isinstance(value, dict) else {}
        return all(matches(condition, fields.get(name, ABSENT)) for name, condition in wanted.items())
    leaf = ABSENT if isinstance(value, dict | list) else value
    return any(holds(condition, leaf) for condition in wanted)


def holds(condition: Any, value: Any) -> bool:
    """Say whether one condition holds for a value that is no object and no array.

    Raises:
        ValueError: If this file does not know the condition, which EventBridge may know.
    """
    match condition:
        case {"exists": bool(wanted)}:
            return (value is not ABSENT) == wanted
        case {"prefix": str(affix)}:
            return isinstance(value, str) and value.startswith(affix)
        case {"suffix": str(affix)}:
            return isinstance(value, str) and value.endswith(affix)
        case {"anything-but": unwanted}:
            found = [holds(one, value) for one in (unwanted if isinstance(unwanted, list) else [unwanted])]
            return value is not ABSENT and not any(found)
        case dict() | list():
            raise ValueError(f"EVENT_PATTERN: not known here, leave it to a route: {json.dumps(condition)}")
    return bool(value == condition) and isinstance(value, bool) == isinstance(condition, bool)
