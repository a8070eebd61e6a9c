"""Exact values."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.patterns.matchers.matcher import Handle, Path, Scalar, ValueMatcher, identity
from airflow_provider_hybrid.patterns.matchers.operand import string


@dataclass(frozen=True)
class Exact(ValueMatcher):
    """``"aws.s3"``, ``5``, ``true``, ``null``; strings must be equal, and 1, 1.0 and 1e0 are one number.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html

    Args:
        wanted: The identities of the wanted values.
    """

    wanted: frozenset[Hashable]

    @classmethod
    def any_of(cls, values: Iterable[Scalar]) -> Exact:
        """Make the matcher that accepts each of these values."""
        return cls(frozenset(map(identity, values)))

    def accepts(self, value: Scalar) -> bool:
        """Accept one of the values."""
        return identity(value) in self.wanted

    def handles(self) -> frozenset[Handle]:
        """Return the values."""
        return frozenset(Handle("is", value) for value in self.wanted)


def parse_exactly(operand: Any, path: Path) -> Exact:
    """Read ``{"exactly": "aws.s3"}``, the engine's long form of a string."""
    return Exact.any_of([string(operand, path)])
