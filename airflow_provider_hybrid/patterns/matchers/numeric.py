"""Numbers in a range."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.matcher import Path, Scalar, ValueMatcher
from airflow_provider_hybrid.patterns.matchers.operand import found, number

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


@dataclass(frozen=True)
class Numeric(ValueMatcher):
    """``{"numeric": [">", 0, "<=", 5]}``: one comparison, or a lower and an upper bound.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#filtering-numeric-matching
    That page names a limit of 5e9. Today's engine compares all numbers of a double, and so does this class.

    Args:
        comparisons: Pairs of comparison and number, all of which must hold.
    """

    comparisons: tuple[tuple[str, float], ...]

    def accepts(self, value: Scalar) -> bool:
        """Accept a number, never a text that looks like one, if all comparisons hold."""
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return False
        try:
            double = float(value)
        except OverflowError:
            return False
        for sign, bound in self.comparisons:  # noqa: SIM110  (see `Leaf`)
            if not COMPARISONS[sign](double, bound):
                return False
        return True


def parse_numeric(operand: Any, path: Path) -> ValueMatcher:
    """Read ``[">", 0, "<=", 5]``."""
    if not isinstance(operand, list):
        raise EventPatternError(path, f"expected a list such as ['>', 0, '<=', 5], found {found(operand)}")
    if len(operand) not in (2, 4):
        raise EventPatternError(path, "expected one comparison and its number, or two of each")
    first = _comparison(operand, 0, tuple(COMPARISONS), path)
    if len(operand) == 2:  # noqa: PLR2004  (one comparison and its number)
        return Numeric((first,))
    if first[0] not in (">", ">="):
        raise EventPatternError((*path, 0), "a range begins with its lower bound, > or >=")
    second = _comparison(operand, 2, ("<", "<="), path)
    if not first[1] < second[1]:
        raise EventPatternError(path, "the lower bound must be less than the upper one")
    return Numeric((first, second))


def _comparison(operand: list[Any], index: int, known: tuple[str, ...], path: Path) -> tuple[str, float]:
    sign, bound = operand[index : index + 2]
    if not isinstance(sign, str) or sign not in known:
        raise EventPatternError((*path, index), f"expected one of {' '.join(known)}, found {found(sign)}")
    return sign, number(bound, (*path, index + 1))
