"""Event patterns, as EventBridge defines them.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.routing.matchers import Matcher, Path, Scalar, compile_matcher

Conditions = dict[str, "Conditions | list[Matcher]"]


class EventPattern:
    """A compiled event pattern.

    All the keys of a pattern must match (and); of a list, any one element (or).

    Args:
        pattern: For example ``{"source": ["aws.s3"], "detail": {"bucket": {"name": ["partner-a"]}}}``.

    Raises:
        EventPatternError: If EventBridge would refuse the pattern; names the path and the rule.
    """

    def __init__(self, pattern: Mapping[str, Any]) -> None:
        self.source = pattern
        self._conditions = _compile(pattern, ())

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Say whether an event, as :meth:`Event.as_dict` returns it, matches."""
        return _matches(self._conditions, [event])


def _compile(pattern: Any, path: Path) -> Conditions:
    if not isinstance(pattern, Mapping):
        raise EventPatternError(path, f"expected an object or a list of values, found {pattern!r:.80}")
    if not pattern:
        raise EventPatternError(path, "an empty object matches nothing; name a field or leave it out")
    return {key: _compile_key(below, (*path, key)) for key, below in pattern.items()}


def _compile_key(below: Any, path: Path) -> Conditions | list[Matcher]:
    if not isinstance(below, list):
        return _compile(below, path)
    if not below:
        raise EventPatternError(path, "an empty list matches nothing; name a value or leave the field out")
    return [compile_matcher(element, (*path, index)) for index, element in enumerate(below)]


def _matches(conditions: Conditions, objects: list[Mapping[str, Any]]) -> bool:
    for key, below in conditions.items():
        found = [item for holder in objects if key in holder for item in _flat(holder[key])]
        if isinstance(below, list):
            values: list[Scalar] = [item for item in found if not isinstance(item, Mapping)]
            if not any(matcher.matches(values) for matcher in below):
                return False
        elif not _matches(below, [item for item in found if isinstance(item, Mapping)]):
            return False
    return True


def _flat(value: Any) -> Iterator[Any]:
    """Give what lies in an array, however deep, one by one; anything else as it is."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _flat(item)
    else:
        yield value
