"""Texts in any case.

The engine accepts, for each character of the *pattern*, its lower and its upper form. It does not compare two
folded texts: a pattern "ß" accepts "ß" and "SS" but not "ss", and a pattern "ẞ" accepts "ß" and "ẞ".
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-equals-ignore-case-matching
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.patterns.matchers.matcher import Path, Scalar, ValueMatcher
from airflow_provider_hybrid.patterns.matchers.operand import string

Forms = tuple[frozenset[str], ...]
"""For each character of a pattern, the texts that may stand for it, each of one to three characters."""


@dataclass(frozen=True)
class EqualsIgnoreCase(ValueMatcher):
    """``{"equals-ignore-case": "report.CSV"}``."""

    forms: Forms

    @classmethod
    def of(cls, text: str) -> EqualsIgnoreCase:
        """Make the matcher of this text."""
        return cls(_forms(text))

    def accepts(self, value: Scalar) -> bool:
        """Accept a string that is the text in any case."""
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
        """Accept a string that begins with the text in any case."""
        return isinstance(value, str) and bool(_ends(self.forms, value))


@dataclass(frozen=True)
class SuffixIgnoreCase(ValueMatcher):
    """``{"suffix": {"equals-ignore-case": ".csv"}}``.

    Args:
        forms: The forms from last to first, each written backwards: a suffix is a prefix read backwards.
    """

    forms: Forms

    @classmethod
    def of(cls, text: str) -> SuffixIgnoreCase:
        """Make the matcher of this ending."""
        return cls(tuple(frozenset(form[::-1] for form in forms) for forms in reversed(_forms(text))))

    def accepts(self, value: Scalar) -> bool:
        """Accept a string that ends with the text in any case."""
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
    """Return the places in a text where the forms may end, if they follow one another from its start.

    There are several places only if two forms of a character differ in length. All places are followed at
    once, so the work grows only with the length of the pattern.
    """
    places = {0}
    for alternatives in forms:
        places = {
            place + len(form) for place in places for form in alternatives if text.startswith(form, place)
        }
        if not places:
            break
    return places
