"""The limits of the values that Airflow can carry from a queue into a DAG run's conf."""

from __future__ import annotations

import math

MAX_DEPTH = 100
"""The most levels of nesting. The API server's JSON writer fails at 255."""

INTEGERS = range(-(2**63), 2**64)
"""The integers of 64 bits, signed or unsigned. A task and its supervisor cannot exchange larger ones."""


def why_not_storable(value: object) -> str | None:
    """Say why Airflow cannot carry a JSON value.

    Args:
        value: As `json.loads` returns it.

    Returns:
        The reason in words, which never quotes the value; None if Airflow can carry it.
    """
    level = [value]
    for _ in range(MAX_DEPTH):
        below: list[object] = []
        for item in level:
            if isinstance(item, dict):
                below += item.keys()
                below += item.values()
            elif isinstance(item, list | tuple):
                below += item
            elif reason := _why_not(item):
                return reason
        if not below:
            return None
        level = below
    return f"it is nested deeper than {MAX_DEPTH} levels"


def _why_not(scalar: object) -> str | None:
    if isinstance(scalar, str):
        if "\0" in scalar:
            return "it holds the character NUL, which PostgreSQL does not store"
        try:
            scalar.encode()
        except UnicodeEncodeError:
            return "it holds half a surrogate pair, which is not text"
    elif isinstance(scalar, float):
        if not math.isfinite(scalar):
            return "it holds a number beyond the range of a double"
    elif isinstance(scalar, int):
        if scalar not in INTEGERS:
            return "it holds an integer of more than 64 bits"
    elif scalar is not None:
        return f"it holds a {type(scalar).__name__}, which is no JSON value"
    return None
