"""The value itself."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.patterns.matchers.matcher import Handle, Path, Scalar, ValueMatcher, identity
from airflow_provider_hybrid.patterns.matchers.operand import string


@dataclass(frozen=True)
class Exact(ValueMatcher):
    """``"aws.s3"``, ``5``, ``true``, ``null``: strings to the letter, 1 and 1.0 and 1e0 the same number.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html

    Args:
        wanted: The identities of the values, any of which is wanted.
    """

    wanted: frozenset[Hashable]

    @classmethod
    def any_of(cls, values: Iterable[Scalar]) -> Exact:
        """Make the matcher of these values."""
        return cls(frozenset(map(identity, values)))

    def accepts(self, value: Scalar) -> bool:
        """Hold if it is one of the values."""
        return identity(value) in self.wanted

    def handles(self) -> frozenset[Handle]:
        """Name the values."""
        return frozenset(Handle("is", value) for value in self.wanted)


def parse_exactly(operand: Any, path: Path) -> Exact:
    """Read ``{"exactly": "aws.s3"}``, the engine's long form of a string."""
    return Exact.any_of([string(operand, path)])
