"""Texts with a prefix or a suffix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.ignore_case import PrefixIgnoreCase, SuffixIgnoreCase
from airflow_provider_hybrid.patterns.matchers.matcher import Handle, Path, Scalar, ValueMatcher
from airflow_provider_hybrid.patterns.matchers.operand import only_entry, string


@dataclass(frozen=True)
class Prefix(ValueMatcher):
    """``{"prefix": "orders/"}``; every string has the empty prefix, and no other value has it.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-prefix-matching
    """

    prefix: str

    def accepts(self, value: Scalar) -> bool:
        """Accept a string that begins with the prefix."""
        return isinstance(value, str) and value.startswith(self.prefix)

    def handles(self) -> frozenset[Handle] | None:
        """Return the prefix; None if it is empty."""
        return frozenset({Handle("starts", self.prefix)}) if self.prefix else None


@dataclass(frozen=True)
class Suffix(ValueMatcher):
    """``{"suffix": ".csv"}``; every string has the empty suffix, and no other value has it.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-suffix-matching
    """

    suffix: str

    def accepts(self, value: Scalar) -> bool:
        """Accept a string that ends with the suffix."""
        return isinstance(value, str) and value.endswith(self.suffix)

    def handles(self) -> frozenset[Handle] | None:
        """Return the suffix; None if it is empty."""
        return frozenset({Handle("ends", self.suffix)}) if self.suffix else None


def parse_prefix(operand: Any, path: Path) -> ValueMatcher:
    """Read ``"orders/"`` or ``{"equals-ignore-case": "orders/"}``."""
    if isinstance(operand, Mapping):
        return PrefixIgnoreCase.of(_without_case(operand, path))
    return Prefix(string(operand, path))


def parse_suffix(operand: Any, path: Path) -> ValueMatcher:
    """Read ``".csv"`` or ``{"equals-ignore-case": ".csv"}``."""
    if isinstance(operand, Mapping):
        return SuffixIgnoreCase.of(_without_case(operand, path))
    return Suffix(string(operand, path))


def _without_case(operand: Mapping[str, Any], path: Path) -> str:
    operator, text = only_entry(operand, path)
    if operator != "equals-ignore-case":
        raise EventPatternError((*path, operator), "only equals-ignore-case may stand here")
    return string(text, (*path, operator))
