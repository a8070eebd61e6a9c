"""What a pattern asks for, field by field: "and" between its keys, "or" by ``$or``.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-complex-example-or

The engine does not try one ``$or`` after the other when an event comes. It first multiplies the pattern out
into alternatives without any, each of them fields and their conditions, and so does this module. What follows
from it holds here too: a field that is named twice on the way to one alternative keeps what was said last.
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
"""A field's way through the event, key by key."""

Conditions = dict[Field, Leaf]
"""All that one alternative asks for; a field with a dot in its key is two: ``"a.b"`` is ``("a", "b")``."""

MAX_COMBINATIONS = 1000
"""The product of the lengths of all ``$or``, as AWS counts it."""

RESERVED = frozenset(OPERATORS) | {
    *("=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case"),
    *("date-after", "date-before", "date-on-or-after", "date-on-or-before", "in-date-range"),
    *("ip-address-in-range", "ip-address-not-in-range"),
}
"""Keys that no object in a ``$or`` may have, at any depth: operators that are, and some that may come.

They stand in the source of https://github.com/aws/event-ruler, in the class ``Constants``.
"""


def expand(pattern: Any) -> list[Conditions]:
    """Multiply a pattern out.

    A ``$or`` that is not written as the rules of ``$or`` want it is an ordinary key, for the engine as well,
    provided that the pattern is right when read so.

    Args:
        pattern: A whole event pattern.

    Returns:
        The alternatives. An event matches if it matches one; those that no event can match are left out.

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
    """Reads patterns.

    Args:
        knows_or: Whether ``$or`` is the operator; otherwise it is a key like any other.
    """

    def __init__(self, *, knows_or: bool) -> None:
        self._knows_or = knows_or

    def read_object(
        self, pattern: Any, path: Path, field: Field, so_far: list[Conditions], *, in_or: bool
    ) -> list[Conditions]:
        """Add what an object asks for to each of the alternatives so far.

        Args:
            pattern: The object.
            path: Where it stands in the pattern.
            field: The way through the event that leads to it.
            so_far: What the pattern asks for before this object. It is not changed.
            in_or: Whether a ``$or`` lies around it.
        """
        if not isinstance(pattern, Mapping):
            raise EventPatternError(path, f"expected an object or a list of values, found {found(pattern)}")
        if not pattern:
            raise EventPatternError(path, "an empty object matches nothing; name a field or leave it out")
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
            raise EventPatternError(path, "is an operator's name, which cannot be a field's inside $or")
        field = (*field, *key.split("."))
        if len(field) > MAX_DEPTH:
            raise EventPatternError(path, f"the pattern is deeper than {MAX_DEPTH} levels")
        if isinstance(below, list):
            leaf = parse_leaf(below, path)
            return [{**conditions, field: leaf} for conditions in so_far]
        return self.read_object(below, path, field, so_far, in_or=in_or)

    def _read_or(self, members: Any, path: Path, field: Field, so_far: list[Conditions]) -> list[Conditions]:
        if not isinstance(members, list) or len(members) < 2:  # noqa: PLR2004  (or else there is no choice)
            raise EventPatternError(path, "expected a list of at least two objects")
        return list(
            chain.from_iterable(
                self.read_object(member, (*path, index), field, so_far, in_or=True)
                for index, member in enumerate(members)
            )
        )


def _combinations(pattern: Any, path: Path) -> int:
    """Count as AWS does: every list under a ``$or`` by its length, those in its objects too."""
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
    """Say whether no field is asked to be a value and an object at once."""
    return not any(field[:length] in conditions for field in conditions for length in range(1, len(field)))
