"""Whether there is anything at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.matcher import Handle, Path, Scalar
from airflow_provider_hybrid.patterns.matchers.operand import found


@dataclass(frozen=True)
class Exists:
    """``{"exists": true}`` and ``{"exists": false}``: a scalar in the field, null too, or none.

    Objects and empty arrays are none: "exists matching only works on leaf nodes".
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-exists-matching
    """

    wanted: bool

    def matches(self, values: Sequence[Scalar]) -> bool:
        """Hold if there is a value, or if there is none."""
        return bool(values) is self.wanted

    def handles(self) -> frozenset[Handle] | None:
        """Know nothing."""
        return None


def parse_exists(operand: Any, path: Path) -> Exists:
    """Read ``true`` or ``false``."""
    if not isinstance(operand, bool):
        raise EventPatternError(path, f"expected true or false, found {found(operand)}")
    return Exists(operand)
