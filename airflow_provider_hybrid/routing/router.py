"""From a message to its delivery: all that is to be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from airflow_provider_hybrid.events.event import quoted
from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import open_message
from airflow_provider_hybrid.events.records.s3 import S3Keys
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.exceptions import MessageParseError, RouteError
from airflow_provider_hybrid.patterns.index import PatternIndex
from airflow_provider_hybrid.routing.broken import NONE_BROKEN, BrokenRoutes
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.miss import Miss, misses_of
from airflow_provider_hybrid.routing.route import Route

Unmatched = Literal["dead_letter", "delete", "leave"]
"""The treatment of a message with an event that no route wants."""


def route_message(
    message: Message,
    routes: Sequence[Route],
    unmatched: Unmatched = "dead_letter",
    s3_keys: S3Keys = "auto",
    broken_routes: BrokenRoutes = NONE_BROKEN,
) -> Delivery:
    """Decide what is to be done with a message.

    It raises no error: a message with a fault gets a rejection.

    Args:
        message: As received.
        routes: The routes; each one that wants an event gets it. For many messages, make `Routes` once.
        unmatched: The treatment of a message with an event that no route wants.
        s3_keys: The form of object keys in S3's notifications on the queue.
        broken_routes: Routes that somebody must mend. Messages wait for those that may want their events.
    """
    try:
        events = open_message(replace(message, s3_keys=s3_keys))
    except MessageParseError as error:
        return Delivery(message, rejection=Rejection("MessageParseError", str(error)))
    routes = routes if isinstance(routes, Routes) else Routes(routes)
    headlines = tuple(Headline.of(event) for event, _ in events)
    launches: list[Launch] = []
    broken: dict[str, list[str]] = {}
    unwanted: list[str] = []
    misses: list[Miss] = []
    is_kept = False
    for event, inner in events:
        envelope = event.as_dict()
        matching = routes.matching(envelope)
        is_kept |= broken_routes.may_want(envelope, is_wanted=bool(matching))
        if not matching:
            misses += misses_of(event.id, envelope, routes)
            unwanted.append(
                f"no route wants event {quoted(event.id)}, "
                f"source {quoted(event.source)}, detail-type {quoted(event.detail_type)}"
            )
        for route in matching:
            try:
                launches.append(route.launch(event, inner, message.sent_at))
            except RouteError as error:
                broken.setdefault(route.name, []).append(str(error))
    delivery = Delivery(message, tuple(launches), events=headlines, misses=tuple(misses))
    if is_kept:
        return delivery.put_off((), f"a broken route may want it. {broken_routes}")
    if broken:
        reason = "; ".join(error for errors in broken.values() for error in errors)
        return replace(delivery, rejection=Rejection("RouteError", reason, tuple(broken)))
    if unwanted and unmatched != "delete":
        rejection = Rejection("Unmatched", "; ".join(unwanted))
        return replace(delivery, rejection=rejection, leave=unmatched == "leave")
    return delivery


class Routes(tuple[Route, ...]):
    """Routes with an index of their patterns, made once for all messages of a batch.

    Args:
        routes: In the order of the configuration. An event's launches have the same order.
    """

    def __init__(self, routes: Iterable[Route]) -> None:  # noqa: ARG002  (the tuple has taken them)
        self._index = PatternIndex((route, route.event_pattern) for route in self)

    def matching(self, envelope: Mapping[str, Any]) -> list[Route]:
        """Return the routes that want an event, in order.

        Args:
            envelope: The event, as :meth:`Event.as_dict` returns it.
        """
        return self._index.matching(envelope)
