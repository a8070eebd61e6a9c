"""A miss: the condition because of which a route does not want an event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from airflow_provider_hybrid.exceptions import dotted
from airflow_provider_hybrid.patterns.pattern import EventPattern

if TYPE_CHECKING:
    from airflow_provider_hybrid.routing.route import Route

MOST = 10
"""The most routes whose misses are looked for."""

LONGEST = 300
"""The most characters of a condition."""

_NOT_TOGETHER = (
    "each condition holds by itself, but not all together: for example, not in one element of an array"
)


@dataclass(frozen=True)
class Miss:
    """A route that does not want an event. It holds nothing of the event but its id.

    Args:
        event_id: The event.
        route: The route's name.
        condition: The first condition of its pattern that the event fails.
    """

    event_id: str
    route: str
    condition: str


def misses_of(event_id: str, envelope: Mapping[str, Any], routes: Sequence[Route]) -> Iterator[Miss]:
    """Say for each of the first routes why it does not want an event that no route wants.

    Args:
        event_id: The event's id.
        envelope: The event, as :meth:`Event.as_dict` returns it.
        routes: The routes.
    """
    for route in islice(routes, MOST):
        path, condition = failed_condition(route.event_pattern, envelope)
        said = f"{dotted(path)}: wants {condition!r}" if path else _NOT_TOGETHER
        yield Miss(event_id, route.name, said[:LONGEST])


def why_no_match(pattern: EventPattern, event: Mapping[str, Any]) -> str:
    """Name the first condition of a pattern that an event fails, and what it holds; empty if it matches.

    Args:
        pattern: The pattern.
        event: As :meth:`Event.as_dict` returns it.
    """
    if pattern.matches(event):
        return ""
    path, condition = failed_condition(pattern, event)
    return f"{dotted(path)}: wants {condition!r}, found {_found(event, path)}" if path else _NOT_TOGETHER


def failed_condition(pattern: EventPattern, event: Mapping[str, Any]) -> tuple[tuple[str, ...], Any]:
    """Return path and condition of the first leaf of a pattern that an event fails.

    Args:
        pattern: The pattern.
        event: As :meth:`Event.as_dict` returns it.

    Returns:
        The path, empty if each condition holds by itself; and the condition.
    """
    for path, condition in _conditions(pattern.source, ()):
        alone: Any = condition
        for key in reversed(path):
            alone = {key: alone}
        if not EventPattern(alone).matches(event):
            return path, condition
    return (), None


def _conditions(pattern: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the leaves of a pattern, with their paths; a ``$or`` counts as one leaf."""
    for key, below in pattern.items():
        if isinstance(below, Mapping):
            yield from _conditions(below, (*path, key))
        else:
            yield (*path, key), below


def _found(event: Any, path: tuple[str, ...]) -> str:
    for key in path:
        if key == "$or":
            break
        if not isinstance(event, Mapping):
            return f"{event!r:.80} on the way"
        if key not in event:
            return "nothing"
        event = event[key]
    return f"{event!r:.80}"
