"""Values that others do not accept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.affix import Prefix, Suffix
from airflow_provider_hybrid.patterns.matchers.exact import Exact
from airflow_provider_hybrid.patterns.matchers.ignore_case import parse_equals_ignore_case
from airflow_provider_hybrid.patterns.matchers.matcher import Path, Scalar, ValueMatcher
from airflow_provider_hybrid.patterns.matchers.operand import found, number, only_entry, string
from airflow_provider_hybrid.patterns.matchers.wildcard import parse_wildcard


@dataclass(frozen=True)
class AnythingBut(ValueMatcher):
    """``{"anything-but": ["tmp", "test"]}``, ``{"anything-but": {"prefix": ["tmp/", "test/"]}}``.

    There must be a value, and it must be none of these. In an array, one such value is enough.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-anything-but

    Args:
        unwanted: The matchers that must not accept the value.
    """

    unwanted: tuple[ValueMatcher, ...]

    def accepts(self, value: Scalar) -> bool:
        """Accept a value that no unwanted matcher accepts."""
        for matcher in self.unwanted:  # noqa: SIM110  (see `Leaf`)
            if matcher.accepts(value):
                return False
        return True


def parse_anything_but(operand: Any, path: Path) -> ValueMatcher:
    """Read a string, a number, a list of strings or of numbers, or an object with one operator."""
    if isinstance(operand, Mapping):
        return AnythingBut(_operator(operand, path))
    values = operand if isinstance(operand, list) else [operand]
    if not values:
        raise EventPatternError(path, "an empty list excludes nothing", "name a value")
    for index, value in enumerate(values):
        place = (*path, index) if isinstance(operand, list) else path
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise EventPatternError(place, f"expected a string or a number, found {found(value)}")
        if isinstance(value, str) is not isinstance(values[0], str):
            raise EventPatternError(place, "expected only strings or only numbers in one list")
        if not isinstance(value, str):
            number(value, place)
    return AnythingBut((Exact.any_of(values),))


def _operator(operand: Mapping[str, Any], path: Path) -> tuple[ValueMatcher, ...]:
    operator, below = only_entry(operand, path)
    path = (*path, operator)
    if operator not in _OPERATORS:
        raise EventPatternError(
            path, "unknown operator in anything-but", f"known are {', '.join(_OPERATORS)}"
        )
    if not isinstance(below, list):
        return (_OPERATORS[operator](below, path),)
    if not below:
        raise EventPatternError(path, "an empty list excludes nothing", "name a value")
    return tuple(_OPERATORS[operator](value, (*path, index)) for index, value in enumerate(below))


def _parse_prefix(operand: Any, path: Path) -> ValueMatcher:
    return Prefix(_not_empty(operand, path))


def _parse_suffix(operand: Any, path: Path) -> ValueMatcher:
    return Suffix(_not_empty(operand, path))


def _not_empty(operand: Any, path: Path) -> str:
    """Read a string that is not empty; outside of anything-but, a prefix or a suffix may be empty."""
    text = string(operand, path)
    if not text:
        raise EventPatternError(path, "expected a string that is not empty")
    return text


_OPERATORS: dict[str, Callable[[Any, Path], ValueMatcher]] = {
    "equals-ignore-case": parse_equals_ignore_case,
    "prefix": _parse_prefix,
    "suffix": _parse_suffix,
    "wildcard": parse_wildcard,
}
