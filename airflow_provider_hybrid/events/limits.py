"""What a value must be for Airflow to carry it from a queue into a DAG run's conf."""

from __future__ import annotations

import math

MAX_DEPTH = 100
"""Levels of nesting. The API server's JSON writer gives up at 255."""

INTEGERS = range(-(2**63), 2**64)
"""What fits into 64 bits, signed or unsigned: what passes between task and supervisor knows no more."""


def why_not_storable(value: object) -> str | None:
    """Say why Airflow could not carry a JSON value, or None if it can.

    Args:
        value: As `json.loads` returns it.

    Returns:
        The reason in words, without the offending text itself.
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
