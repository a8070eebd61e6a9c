"""What one element of a pattern's list may be, one class each.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from airflow_provider_hybrid.exceptions import EventPatternError

Path = tuple[str | int, ...]
Scalar = str | int | float | bool | None


class Matcher(Protocol):
    """A condition on what an event holds at one path."""

    def matches(self, values: Sequence[Scalar]) -> bool:
        """Say whether the condition holds.

        Args:
            values: The scalars at the path: none if the event has nothing there, several for an array.
        """


@dataclass(frozen=True)
class Exact:
    """The value itself: strings to the letter, 1 and 1.0 the same number, true never 1."""

    wanted: Scalar

    def matches(self, values: Sequence[Scalar]) -> bool:
        """Hold if any value is equal and of the same JSON type."""
        return any(
            value == self.wanted and isinstance(value, bool) is isinstance(self.wanted, bool)
            for value in values
        )


@dataclass(frozen=True)
class Prefix:
    """``{"prefix": "orders/"}``."""

    prefix: str

    def matches(self, values: Sequence[Scalar]) -> bool:
        """Hold if any value is a string that begins so."""
        return any(isinstance(value, str) and value.startswith(self.prefix) for value in values)


@dataclass(frozen=True)
class Suffix:
    """``{"suffix": ".csv"}``."""

    suffix: str

    def matches(self, values: Sequence[Scalar]) -> bool:
        """Hold if any value is a string that ends so."""
        return any(isinstance(value, str) and value.endswith(self.suffix) for value in values)


@dataclass(frozen=True)
class Exists:
    """``{"exists": true}`` and ``{"exists": false}``."""

    wanted: bool

    def matches(self, values: Sequence[Scalar]) -> bool:
        """Hold if there is a value, or if there is none."""
        return bool(values) is self.wanted


def compile_matcher(element: Any, path: Path) -> Matcher:
    """Turn one element of a pattern's list into its matcher.

    Raises:
        EventPatternError: If EventBridge would refuse the element, or it is not supported here.
    """
    if element is None or isinstance(element, str | int | float):
        return Exact(element)
    if not isinstance(element, dict) or len(element) != 1:
        raise EventPatternError(
            path, f"expected a value or an object with one operator, found {element!r:.80}"
        )
    ((operator, operand),) = element.items()
    try:
        compile_operator = _OPERATORS[operator]
    except KeyError:
        known = ", ".join(sorted(_OPERATORS))
        raise EventPatternError((*path, operator), f"unknown operator; known are {known}") from None
    return compile_operator(operand, (*path, operator))


def _prefix(operand: Any, path: Path) -> Matcher:
    return Prefix(_string(operand, path))


def _suffix(operand: Any, path: Path) -> Matcher:
    return Suffix(_string(operand, path))


def _exists(operand: Any, path: Path) -> Matcher:
    if not isinstance(operand, bool):
        raise EventPatternError(path, f"expected true or false, found {operand!r:.80}")
    return Exists(operand)


def _string(operand: Any, path: Path) -> str:
    if not isinstance(operand, str) or not operand:
        raise EventPatternError(path, f"expected a string that is not empty, found {operand!r:.80}")
    return operand


_OPERATORS: dict[str, Callable[[Any, Path], Matcher]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "exists": _exists,
}
