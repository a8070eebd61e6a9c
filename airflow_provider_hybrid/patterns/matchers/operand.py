"""Readers of operands, with an error for each that is wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.matcher import Path

LONGEST_VALUE = 80
"""The most characters of a wrong value that an error shows."""


def string(operand: Any, path: Path) -> str:
    """Read an operand that must be a string.

    Raises:
        EventPatternError: If it is no string.
    """
    if not isinstance(operand, str):
        raise EventPatternError(path, f"expected a string, found {found(operand)}")
    return operand


def number(operand: Any, path: Path) -> float:
    """Read an operand that must be a number which a double holds exactly.

    Raises:
        EventPatternError: If it is no number, or one that a double would round (such as 2**53 + 1).
    """
    if isinstance(operand, bool) or not isinstance(operand, int | float):
        raise EventPatternError(path, f"expected a number, found {found(operand)}")
    try:
        value = float(operand)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value) or value != operand:
        raise EventPatternError(path, "expected a number that a double holds exactly")
    return value


def only_entry(expression: Mapping[str, Any], path: Path) -> tuple[str, Any]:
    """Read an object that must have one key, its operator.

    Raises:
        EventPatternError: If it has no key, or several.
    """
    if len(expression) != 1:
        raise EventPatternError(path, f"expected an object with one operator, found {len(expression)} keys")
    ((operator, operand),) = expression.items()
    return operator, operand


def found(value: Any) -> str:
    """Describe a wrong value shortly, however large or deep it is."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."
