"""Texts whose case is of no matter.

The engine accepts, for each character of the *pattern*, its lower and its upper form. That is not what
comparing two folded texts would do: "ß" in a pattern accepts "ß" and "SS" but not "ss", and what a pattern
"ẞ" accepts ("ß" and "ẞ") is not what a pattern "ß" does.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-equals-ignore-case-matching
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.patterns.matchers.matcher import Path, Scalar, ValueMatcher
from airflow_provider_hybrid.patterns.matchers.operand import string

Forms = tuple[frozenset[str], ...]
"""For each character of a pattern, the texts that may stand for it; of one to three characters."""


@dataclass(frozen=True)
class EqualsIgnoreCase(ValueMatcher):
    """``{"equals-ignore-case": "report.CSV"}``."""

    forms: Forms

    @classmethod
    def of(cls, text: str) -> EqualsIgnoreCase:
        """Make the matcher of this text."""
        return cls(_forms(text))

    def accepts(self, value: Scalar) -> bool:
        """Hold if it is a string that is the text in some case."""
        return isinstance(value, str) and len(value) in _ends(self.forms, value)


@dataclass(frozen=True)
class PrefixIgnoreCase(ValueMatcher):
    """``{"prefix": {"equals-ignore-case": "orders/"}}``."""

    forms: Forms

    @classmethod
    def of(cls, text: str) -> PrefixIgnoreCase:
        """Make the matcher of this beginning."""
        return cls(_forms(text))

    def accepts(self, value: Scalar) -> bool:
        """Hold if it is a string that begins so, in some case."""
        return isinstance(value, str) and bool(_ends(self.forms, value))


@dataclass(frozen=True)
class SuffixIgnoreCase(ValueMatcher):
    """``{"suffix": {"equals-ignore-case": ".csv"}}``.

    Args:
        forms: As read from the end, each of them mirrored: a suffix is a prefix in the mirror.
    """

    forms: Forms

    @classmethod
    def of(cls, text: str) -> SuffixIgnoreCase:
        """Make the matcher of this ending."""
        return cls(tuple(frozenset(form[::-1] for form in forms) for forms in reversed(_forms(text))))

    def accepts(self, value: Scalar) -> bool:
        """Hold if it is a string that ends so, in some case."""
        if not isinstance(value, str):
            return False
        longest = sum(max(map(len, forms)) for forms in self.forms)
        return bool(_ends(self.forms, value[: -longest - 1 : -1]))


def parse_equals_ignore_case(operand: Any, path: Path) -> ValueMatcher:
    """Read ``"report.CSV"``."""
    return EqualsIgnoreCase.of(string(operand, path))


def _forms(text: str) -> Forms:
    return tuple(frozenset({char.lower(), char.upper()}) for char in text)


def _ends(forms: Forms, text: str) -> set[int]:
    """Find where the forms, one after the other, may end if they begin where the text does.

    There is more than one such place only if two forms of a character differ in length. Following them side
    by side keeps the work in proportion to the pattern.
    """
    places = {0}
    for alternatives in forms:
        places = {
            place + len(form) for place in places for form in alternatives if text.startswith(form, place)
        }
        if not places:
            break
    return places
