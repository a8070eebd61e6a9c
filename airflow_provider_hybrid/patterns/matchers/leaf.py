"""A pattern's list for one field, of which one element must match."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.affix import parse_prefix, parse_suffix
from airflow_provider_hybrid.patterns.matchers.anything_but import parse_anything_but
from airflow_provider_hybrid.patterns.matchers.cidr import parse_cidr
from airflow_provider_hybrid.patterns.matchers.exact import Exact, parse_exactly
from airflow_provider_hybrid.patterns.matchers.exists import parse_exists
from airflow_provider_hybrid.patterns.matchers.ignore_case import parse_equals_ignore_case
from airflow_provider_hybrid.patterns.matchers.matcher import Handle, Matcher, Path, Scalar
from airflow_provider_hybrid.patterns.matchers.numeric import parse_numeric
from airflow_provider_hybrid.patterns.matchers.operand import found, only_entry
from airflow_provider_hybrid.patterns.matchers.wildcard import parse_wildcard

OPERATORS: dict[str, Callable[[Any, Path], Matcher]] = {
    "anything-but": parse_anything_but,
    "cidr": parse_cidr,
    "equals-ignore-case": parse_equals_ignore_case,
    "exactly": parse_exactly,
    "exists": parse_exists,
    "numeric": parse_numeric,
    "prefix": parse_prefix,
    "suffix": parse_suffix,
    "wildcard": parse_wildcard,
}


@dataclass(frozen=True)
class Leaf:
    """The compiled list of one field, for example of ``["aws.s3", {"prefix": "partner."}]``.

    Args:
        matchers: The matchers of which one must match. All plain values of the list share one matcher.
    """

    matchers: tuple[Matcher, ...]

    def matches(self, values: Sequence[Scalar]) -> bool:
        """Say whether one matcher matches."""
        # A loop, here and elsewhere: `any` with a generator takes twice as long, and this runs very often.
        for matcher in self.matchers:  # noqa: SIM110
            if matcher.matches(values):
                return True
        return False

    def handles(self) -> frozenset[Handle] | None:
        """Return the handles of all matchers; None if one of them has none."""
        handles: set[Handle] = set()
        for matcher in self.matchers:
            known = matcher.handles()
            if known is None:
                return None
            handles |= known
        return frozenset(handles)


def parse_leaf(elements: list[Any], path: Path) -> Leaf:
    """Compile the list of one field.

    Args:
        elements: Values, and objects with one operator.
        path: The list's place in the pattern.

    Raises:
        EventPatternError: If EventBridge would refuse an element.
    """
    if not elements:
        raise EventPatternError(path, "an empty list matches nothing", "name a value or leave the field out")
    values: list[Scalar] = []
    matchers: list[Matcher] = []
    for index, element in enumerate(elements):
        place = (*path, index)
        if isinstance(element, Mapping):
            matchers.append(_parse_operator(element, place))
        elif element is None or isinstance(element, str | int | float):
            values.append(element)
        else:
            raise EventPatternError(
                place, f"expected a value or an object with one operator, found {found(element)}"
            )
    if values:
        matchers.insert(0, Exact.any_of(values))
    return Leaf(tuple(matchers))


def _parse_operator(expression: Mapping[str, Any], path: Path) -> Matcher:
    operator, operand = only_entry(expression, path)
    path = (*path, operator)
    if operator not in OPERATORS:
        close = difflib.get_close_matches(operator, OPERATORS, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(OPERATORS)}"
        raise EventPatternError(path, "unknown operator", hint)
    return OPERATORS[operator](operand, path)
