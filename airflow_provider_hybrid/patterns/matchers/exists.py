"""Fields that are there, or are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.matcher import Handle, Path, Scalar
from airflow_provider_hybrid.patterns.matchers.operand import found


@dataclass(frozen=True)
class Exists:
    """``{"exists": true}`` wants a scalar in the field, which may be null; ``{"exists": false}`` wants none.

    An object or an empty array is no scalar: "exists matching only works on leaf nodes".
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-exists-matching
    """

    wanted: bool

    def matches(self, values: Sequence[Scalar]) -> bool:
        """Say whether there is a value, or whether there is none, as wanted."""
        return bool(values) is self.wanted

    def handles(self) -> frozenset[Handle] | None:
        """Return None: no handle says that a field is there."""
        return None


def parse_exists(operand: Any, path: Path) -> Exists:
    """Read ``true`` or ``false``."""
    if not isinstance(operand, bool):
        raise EventPatternError(path, f"expected true or false, found {found(operand)}")
    return Exists(operand)
