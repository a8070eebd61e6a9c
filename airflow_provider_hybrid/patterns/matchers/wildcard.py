"""Texts with gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.exact import Exact
from airflow_provider_hybrid.patterns.matchers.matcher import Handle, Path, Scalar, ValueMatcher
from airflow_provider_hybrid.patterns.matchers.operand import string


@dataclass(frozen=True)
class Wildcard(ValueMatcher):
    r"""``{"wildcard": "orders/*/*.csv"}``: a star is any text, also none; ``\*`` and ``\\`` mean themselves.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching

    Args:
        first: What stands before the first star.
        middle: What stands between the stars, in order.
        last: What stands after the last star.
    """

    first: str
    middle: tuple[str, ...]
    last: str

    def accepts(self, value: Scalar) -> bool:
        """Hold if it is a string in which the pieces follow one another.

        Taking each piece where it first occurs leaves the most room for the others, so nothing is ever tried
        twice, and a long text takes one pass.
        """
        if not (isinstance(value, str) and value.startswith(self.first) and value.endswith(self.last)):
            return False
        place, end = len(self.first), len(value) - len(self.last)
        for piece in self.middle:
            place = value.find(piece, place, end)
            if place < 0:
                return False
            place += len(piece)
        return place <= end

    def handles(self) -> frozenset[Handle] | None:
        """Name the beginning or the end, whichever says more."""
        if not self.first and not self.last:
            return None
        starts = len(self.first) >= len(self.last)
        return frozenset({Handle("starts", self.first) if starts else Handle("ends", self.last)})


def parse_wildcard(operand: Any, path: Path) -> ValueMatcher:
    """Read ``"orders/*/*.csv"``."""
    first, *others = _pieces(string(operand, path), path)
    if not others:
        return Exact.any_of([first])
    *middle, last = others
    return Wildcard(first, tuple(middle), last)


def _pieces(text: str, path: Path) -> list[str]:
    """Cut a text at its stars, and take the backslashes out."""
    pieces = [""]
    characters = iter(text)
    for character in characters:
        if character == "*":
            if len(pieces) > 1 and not pieces[-1]:
                raise EventPatternError(path, "two stars in a row; one is enough")
            pieces.append("")
        elif character == "\\":
            escaped = next(characters, None)
            if escaped not in ("*", "\\"):
                raise EventPatternError(path, "a backslash may stand only before a star or a backslash")
            pieces[-1] += escaped
        else:
            pieces[-1] += character
    return pieces
