"""From a batch of messages to the groups in which they are launched and settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.exceptions import MessageParseError, RouteError
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.route import Launch, Route

Unmatched = Literal["dead_letter", "delete", "leave"]


def route_message(
    message: Message, routes: Sequence[Route], unmatched: Unmatched = "dead_letter"
) -> Delivery:
    """Decide what is to be done with a message. Raises nothing: what cannot work is a rejection.

    Args:
        message: As received.
        routes: All of those that want an event get it.
        unmatched: What happens to a message with an event that no route wants.
    """
    try:
        events = parse_message(message)
    except MessageParseError as error:
        return Delivery(message, rejection=Rejection("MessageParseError", str(error)))
    launches: list[Launch] = []
    broken: list[str] = []
    unwanted: list[str] = []
    for event in events:
        envelope = event.as_dict()
        matching = [route for route in routes if route.matches(envelope)]
        if not matching:
            unwanted.append(
                f"no route wants event {event.id!r}, "
                f"source {event.source!r}, detail-type {event.detail_type!r}"
            )
        for route in matching:
            try:
                launches.append(route.launch(event))
            except RouteError as error:
                broken.append(str(error))
    if broken:
        return Delivery(message, tuple(launches), Rejection("RouteError", "; ".join(broken)))
    if unwanted and unmatched != "delete":
        rejection = Rejection("Unmatched", "; ".join(unwanted))
        return Delivery(message, tuple(launches), rejection, leave=unmatched == "leave")
    return Delivery(message, tuple(launches))


def group_deliveries(deliveries: Iterable[Delivery], max_launches: int = 100) -> Iterator[list[Delivery]]:
    """Split a batch into groups, each of which one task launches and settles.

    Deliveries to the same DAG (or the same set of DAGs) stay together, in the order in which they came.

    Args:
        deliveries: The whole batch.
        max_launches: How many runs a group starts at most; only a single message may ask for more.
    """
    for _, same in groupby(sorted(deliveries, key=_dag_ids), key=_dag_ids):
        group: list[Delivery] = []
        launches = 0
        for delivery in same:
            asked = max(1, len(delivery.launches))
            if group and launches + asked > max_launches:
                yield group
                group, launches = [], 0
            group.append(delivery)
            launches += asked
        yield group


def _dag_ids(delivery: Delivery) -> tuple[str, ...]:
    return delivery.dag_ids
