"""All the routes of a dispatcher."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from airflow_provider_hybrid.patterns.index import PatternIndex
from airflow_provider_hybrid.routing.route import Route


class Routes(tuple[Route, ...]):
    """Routes, and which of them want an event; made once for all the messages of a batch.

    Args:
        routes: In the order of the configuration, which is also that of the launches.
    """

    def __init__(self, routes: Iterable[Route]) -> None:  # noqa: ARG002  (the tuple has taken them)
        self._index = PatternIndex((route, route.event_pattern) for route in self)

    def matching(self, envelope: Mapping[str, Any]) -> list[Route]:
        """Return those that want an event, in order.

        Args:
            envelope: The event, as :meth:`Event.as_dict` returns it.
        """
        return self._index.matching(envelope)
