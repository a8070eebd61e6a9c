"""An explanation, for people: what a dispatcher would do with a message, and why. It has no side effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import open_message
from airflow_provider_hybrid.events.records.s3 import S3Keys
from airflow_provider_hybrid.exceptions import MessageParseError, RouteError
from airflow_provider_hybrid.routing.batch import combine
from airflow_provider_hybrid.routing.broken import NONE_BROKEN, BrokenRoutes
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.miss import why_no_match
from airflow_provider_hybrid.routing.route import Route
from airflow_provider_hybrid.routing.router import Unmatched, route_message
from airflow_provider_hybrid.routing.waiting import split_by_time

Ending = Literal["starts", "deleted", "dead_letter", "stays", "waits"]
"""What becomes of a message.

- ``starts``: it is deleted once its runs exist;
- ``deleted``: it is deleted without a run;
- ``dead_letter``: it goes to the dead-letter queue, after its runs if it has some;
- ``stays``: it stays in the queue until somebody changes the configuration;
- ``waits``: it stays in the queue until its runs are due.
"""


@dataclass(frozen=True)
class Verdict:
    """One route's answer to one event.

    Args:
        route: The route's name.
        launch: The launch that it asks for; None if it asks for none.
        reason: The reason why it asks for none; empty if it asks for one.
    """

    route: str
    launch: Launch | None
    reason: str


@dataclass(frozen=True)
class Explanation:
    """The delivery that a message would become, and the verdicts of the routes on its events.

    Args:
        delivery: The delivery, if the dispatcher received only this message.
        verdicts: Each event in the message, with each route's verdict on it.
        waits_for: What the message first waits for in the queue, and until when; empty if for nothing.
    """

    delivery: Delivery
    verdicts: Sequence[tuple[Event, Sequence[Verdict]]]
    waits_for: str = ""

    @property
    def hint(self) -> str:
        """A hint for people who expected another event; empty if there is none."""
        source = self.delivery.message.queue_name
        if not any(event.source == source and event.detail_type is None for event, _ in self.verdicts):
            return ""
        return (
            f"The body names no source, so all of it is the detail of an event from the queue {source!r}. "
            "If it is the detail of an EventBridge event, let the rule send the whole event: take InputPath "
            "and InputTransformer off the rule's target."
        )

    @property
    def end(self) -> Ending:
        """The message's end in a word, for programs."""
        if self.waits_for:
            return "waits"
        if self.delivery.waits_for or self.delivery.leave:
            return "stays"
        if self.delivery.rejection:
            return "dead_letter"
        return "starts" if self.delivery.launches else "deleted"

    @property
    def ending(self) -> str:
        """The message's end in a sentence, for example ``deleted at once``."""
        return f"waits in the queue ({self.waits_for}); then: {self._end}" if self.waits_for else self._end

    @property
    def _end(self) -> str:
        rejection, launches = self.delivery.rejection, len(self.delivery.launches)
        runs = f"once its {launches} run{'s exist' if launches > 1 else ' exists'}" if launches else "at once"
        if self.delivery.waits_for:
            return f"stays in the queue: {self.delivery.waits_for}"
        if rejection is None:
            return f"deleted {runs}"
        if self.delivery.leave:
            return f"stays in the queue: {rejection.error_message}"
        return (
            f"goes to the dead-letter queue {runs} (or stays, where there is none): "
            f"{rejection.error_type}: {rejection.error_message}"
        )


def explain_message(
    message: Message,
    routes: Sequence[Route],
    unmatched: Unmatched = "dead_letter",
    s3_keys: S3Keys = "auto",
    now: float = inf,
    broken_routes: BrokenRoutes = NONE_BROKEN,
) -> Explanation:
    """Explain what a dispatcher would do with a message, with the functions that the sensor uses.

    Args:
        message: As received.
        routes: The dispatcher's routes.
        unmatched: The treatment of a message with an event that no route wants.
        s3_keys: The form of object keys in S3's notifications on the queue.
        now: The time, in seconds since 1970; by default, a time at which all runs are due.
        broken_routes: The dispatcher's routes that somebody must mend.
    """
    routed = route_message(message, routes, unmatched, s3_keys, broken_routes)
    (delivery,) = combine([routed])
    try:
        events = open_message(replace(message, s3_keys=s3_keys))
    except MessageParseError:
        events = []
    return Explanation(
        delivery,
        [
            (event, [_verdict(route, event, inner, message.sent_at) for route in routes])
            for event, inner in events
        ],
        split_by_time(replace(routed, waits_for=""), now).waits_for,
    )


def _verdict(route: Route, event: Event, message: Message, sent_at: float | None) -> Verdict:
    if reason := why_no_match(route.event_pattern, event.as_dict()):
        return Verdict(route.name, None, reason)
    try:
        return Verdict(route.name, route.launch(event, message, sent_at), "")
    except RouteError as error:
        return Verdict(route.name, None, str(error))
