"""A pattern's alternatives: ``$or`` is multiplied out, and each alternative has conditions field by field.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-complex-example-or

EventBridge's engine does the same when it reads a pattern. This has a consequence, there and here: if one
alternative names a field twice, the last conditions count.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.leaf import OPERATORS, Leaf, parse_leaf
from airflow_provider_hybrid.patterns.matchers.matcher import Path
from airflow_provider_hybrid.patterns.matchers.operand import found
from airflow_provider_hybrid.patterns.values import MAX_DEPTH

Field = tuple[str, ...]
"""A field's place in an event, key by key."""

Conditions = dict[Field, Leaf]
"""One alternative: the conditions by field. A key with a dot is two keys: ``"a.b"`` is ``("a", "b")``."""

MAX_COMBINATIONS = 1000
"""The largest product of the lengths of all ``$or``, as AWS counts it."""

RESERVED = frozenset(OPERATORS) | {
    *("=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case"),
    *("date-after", "date-before", "date-on-or-after", "date-on-or-before", "in-date-range"),
    *("ip-address-in-range", "ip-address-not-in-range"),
}
"""Keys that no object in a ``$or`` may have, at any depth: today's operators, and some that may come.

The class ``Constants`` in https://github.com/aws/event-ruler has them.
"""


def expand(pattern: Any) -> list[Conditions]:
    """Multiply a pattern out.

    If a ``$or`` breaks the rules of ``$or``, all of them are read as ordinary keys. EventBridge's engine does
    so too.

    Args:
        pattern: A whole event pattern.

    Returns:
        The alternatives, of which an event must match one. Those that no event can match are left out.

    Raises:
        EventPatternError: If EventBridge would refuse the pattern.
    """
    if _combinations(pattern, ()) > MAX_COMBINATIONS:
        raise EventPatternError((), f"its $or make more than {MAX_COMBINATIONS} combinations")
    try:
        alternatives = _Reader(knows_or=True).read_object(pattern, (), (), [{}], in_or=False)
    except EventPatternError as refusal:
        try:
            alternatives = _Reader(knows_or=False).read_object(pattern, (), (), [{}], in_or=False)
        except EventPatternError:
            raise refusal from None
    return [alternative for alternative in alternatives if _is_possible(alternative)]


class _Reader:
    """A reader of patterns.

    Args:
        knows_or: Whether ``$or`` is the operator; otherwise it is a key like any other.
    """

    def __init__(self, *, knows_or: bool) -> None:
        self._knows_or = knows_or

    def read_object(
        self, pattern: Any, path: Path, field: Field, so_far: list[Conditions], *, in_or: bool
    ) -> list[Conditions]:
        """Add an object's conditions to each of the alternatives so far.

        Args:
            pattern: The object.
            path: The object's place in the pattern.
            field: The place in an event that the object describes.
            so_far: The alternatives before this object. They are not changed.
            in_or: Whether the object lies in a ``$or``.
        """
        if not isinstance(pattern, Mapping):
            raise EventPatternError(path, f"expected an object or a list of values, found {found(pattern)}")
        if not pattern:
            raise EventPatternError(path, "an empty object matches nothing", "name a field or leave it out")
        for key, below in pattern.items():
            so_far = self._read_key(key, below, (*path, key), field, so_far, in_or=in_or)
        return so_far

    def _read_key(
        self, key: Any, below: Any, path: Path, field: Field, so_far: list[Conditions], *, in_or: bool
    ) -> list[Conditions]:
        if not isinstance(key, str):
            raise EventPatternError(path, "a key must be a string")
        if key == "$or" and self._knows_or:
            return self._read_or(below, path, field, so_far)
        if in_or and key in RESERVED:
            raise EventPatternError(path, "is an operator's name, and cannot be a field's name inside $or")
        field = (*field, *key.split("."))
        if len(field) > MAX_DEPTH:
            raise EventPatternError(path, f"the pattern is deeper than {MAX_DEPTH} levels")
        if isinstance(below, list):
            leaf = parse_leaf(below, path)
            return [{**conditions, field: leaf} for conditions in so_far]
        return self.read_object(below, path, field, so_far, in_or=in_or)

    def _read_or(self, members: Any, path: Path, field: Field, so_far: list[Conditions]) -> list[Conditions]:
        if not isinstance(members, list) or len(members) < 2:  # noqa: PLR2004  (one is no choice)
            raise EventPatternError(path, "expected a list of at least two objects")
        return list(
            chain.from_iterable(
                self.read_object(member, (*path, index), field, so_far, in_or=True)
                for index, member in enumerate(members)
            )
        )


def _combinations(pattern: Any, path: Path) -> int:
    """Multiply the lengths of all ``$or``, also of those inside another one, as AWS does."""
    if not isinstance(pattern, Mapping):
        return 1
    if len(path) > 2 * MAX_DEPTH:
        raise EventPatternError(path, f"the pattern is deeper than {MAX_DEPTH} levels")
    product = 1
    for key, below in pattern.items():
        place = (*path, key)
        if key == "$or" and isinstance(below, list):
            product *= max(1, len(below))
            for index, member in enumerate(below):
                product *= _combinations(member, (*place, index))
        else:
            product *= _combinations(below, place)
        if product > MAX_COMBINATIONS:
            break
    return product


def _is_possible(conditions: Conditions) -> bool:
    """Say whether an event can match: no field has to be both a value and an object."""
    return not any(field[:length] in conditions for field in conditions for length in range(1, len(field)))
