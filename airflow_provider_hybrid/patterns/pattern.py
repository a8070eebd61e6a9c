"""Event patterns, as EventBridge defines them.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from airflow_provider_hybrid.patterns.alternatives import Conditions, expand
from airflow_provider_hybrid.patterns.matchers.leaf import Leaf
from airflow_provider_hybrid.patterns.values import objects_in, scalars_in, undotted

Tree = dict[str, "Tree | Leaf"]
"""The conditions of one alternative, in the shape of the event."""

_NOTHING: Mapping[str, Any] = {}


class EventPattern:
    """A compiled event pattern.

    All keys of a pattern must match ("and"). Of a list, one element must match ("or").

    Args:
        pattern: For example ``{"source": ["aws.s3"], "detail": {"bucket": {"name": ["partner-a"]}}}``.

    Attributes:
        source: The pattern as it was written.
        alternatives: The pattern, multiplied out; empty if no event can match.
        has_dotted_keys: Whether a key of the pattern has a dot.

    Raises:
        EventPatternError: If EventBridge would refuse the pattern; names the path and the rule.
    """

    def __init__(self, pattern: Mapping[str, Any]) -> None:
        self.source = pattern
        self.alternatives: tuple[Conditions, ...] = tuple(expand(pattern))
        self.has_dotted_keys = _has_dotted_keys(pattern)
        self._trees = [_tree(conditions) for conditions in self.alternatives]

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Say whether an event, as :meth:`Event.as_dict` returns it, matches."""
        if self.has_dotted_keys:
            event = undotted(event)
        for tree in self._trees:  # noqa: SIM110  (see `Leaf`)
            if _holds(tree, event):
                return True
        return False


def _holds(tree: Tree, holder: Mapping[str, Any]) -> bool:
    """Say whether an object meets all conditions of a tree.

    Of an array of objects, one must meet all conditions: the engine does not put a match together from two
    elements of an array. A value that is no object counts as an empty one: all fields are missing.
    """
    for key, below in tree.items():
        value = holder.get(key, ())
        if isinstance(below, Leaf):
            if not below.matches(scalars_in(value)):
                return False
        elif isinstance(value, dict):
            if not _holds(below, value):
                return False
        elif not any(_holds(below, item) for item in objects_in(value) or (_NOTHING,)):
            return False
    return True


def _tree(conditions: Conditions) -> Tree:
    tree: Tree = {}
    for field, leaf in conditions.items():
        branch = tree
        for key in field[:-1]:
            branch = cast("Tree", branch.setdefault(key, {}))
        branch[field[-1]] = leaf
    return tree


def _has_dotted_keys(pattern: Any) -> bool:
    if isinstance(pattern, list):
        return any(map(_has_dotted_keys, pattern))
    return isinstance(pattern, Mapping) and any(
        "." in key or _has_dotted_keys(below) for key, below in pattern.items()
    )
