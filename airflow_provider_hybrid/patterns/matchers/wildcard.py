"""Texts with wildcards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.exact import Exact
from airflow_provider_hybrid.patterns.matchers.matcher import Handle, Path, Scalar, ValueMatcher
from airflow_provider_hybrid.patterns.matchers.operand import string


@dataclass(frozen=True)
class Wildcard(ValueMatcher):
    r"""``{"wildcard": "orders/*/*.csv"}``: a star is any text, even an empty one; ``\*`` is the star itself.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching

    Args:
        first: The text before the first star.
        middle: The texts between the stars, in order.
        last: The text after the last star.
    """

    first: str
    middle: tuple[str, ...]
    last: str

    def accepts(self, value: Scalar) -> bool:
        """Accept a string in which the pieces follow one another.

        Each piece is taken where it first occurs. This leaves the most room for the others, so no place is
        tried twice, and a long text takes one pass.
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
        """Return the beginning or the end, whichever is longer; None if both are empty."""
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
    r"""Cut a text at its stars; read ``\*`` as a star and ``\\`` as a backslash."""
    pieces = [""]
    characters = iter(text)
    for character in characters:
        if character == "*":
            if len(pieces) > 1 and not pieces[-1]:
                raise EventPatternError(path, "two stars in a row", "one is enough")
            pieces.append("")
        elif character == "\\":
            escaped = next(characters, None)
            if escaped not in ("*", "\\"):
                raise EventPatternError(path, "a backslash may stand only before a star or a backslash")
            pieces[-1] += escaped
        else:
            pieces[-1] += character
    return pieces
