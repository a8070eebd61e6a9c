"""All warnings about routes that are valid."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from airflow_provider_hybrid.cli.checks.conditions import conditions
from airflow_provider_hybrid.cli.checks.slips import slips
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.route import RouteConfig
from airflow_provider_hybrid.patterns.pattern import EventPattern

DEFAULT_RETENTION = 4 * 24 * 3600
"""Seconds for which SQS keeps a message, unless its queue says otherwise.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""

STRINGS = ("version", "id", "source", "detail-type", "time", "account", "region")


def warnings(routes: Mapping[str, RouteConfig]) -> list[str]:
    """Name what looks wrong in valid routes: that they never match, or that their runs collide.

    Args:
        routes: The routes, by their places in the configuration.
    """
    return [
        *(f"{place}: {text}" for place, route in routes.items() for text in _route(route)),
        *_collisions([*routes.values()]),
    ]


def _route(route: RouteConfig) -> Iterator[str]:
    if not EventPattern(route.event_pattern).alternatives:
        yield "event_pattern: can never match: its conditions exclude each other"
    for text in dict.fromkeys((*_shapes(route.event_pattern), *slips(route.event_pattern))):
        yield f"event_pattern.{text}"
    if route.longest_wait > DEFAULT_RETENTION:
        yield (
            "delay_seconds: is longer than the four days for which SQS keeps a message by default; give the "
            "queue a longer MessageRetentionPeriod (`hybrid doctor` compares the two)"
        )
    if route.event_id and "{" not in route.event_id:
        yield "event_id: is the same for every event, so this route starts one run and never another"


def _shapes(pattern: Mapping[str, Any]) -> Iterator[str]:
    """Say where a pattern takes a field of EventBridge's envelope for something that it is not."""
    for condition in conditions(pattern):
        name, *below = condition.field
        if name == "version" and {"exists": False} not in condition.values:
            yield f"{condition.written}: can never match: events here have no 'version'; leave it out"
        elif below and name in STRINGS:
            yield f"{name}: can never match: {name!r} is a string, give a list of values"
        elif below and name == "resources":
            yield f"{name}: can never match: {name!r} is a list of strings, give a list of values"
        elif name == "detail" and not below:
            yield f"{condition.written}: can never match: 'detail' is an object, name fields in it"
        elif name in STRINGS:
            for value in condition.values:
                if isinstance(value, int | float):
                    told = f'{name!r} is a string, which never equals {value}; write "{value}"'
                    yield f"{condition.written}: {told}"


def sleeping_expectations(config: DispatcherConfig) -> list[str]:
    """Name the expectations of routes that are switched off."""
    off = {route.name for route in config.routes if not route.enabled}
    return [
        f"expect[{index}]: the route {one.route!r} is switched off, so nobody looks for its events"
        for index, one in enumerate(config.expect)
        if one.route in off
    ]


def _collisions(routes: Sequence[RouteConfig]) -> Iterator[str]:
    for one, other in itertools.permutations(routes, 2):
        if other.name.startswith(f"{one.name}__"):
            yield (
                f"routes {one.name!r} and {other.name!r}: run ids may collide, as '__' parts a route's name "
                "from the event's id; rename one"
            )
    for one, other in itertools.combinations(routes, 2):
        if one.name.lower() == other.name.lower():
            yield (
                f"routes {one.name!r} and {other.name!r}: run ids collide in a database that knows no case, "
                "as MySQL; rename one"
            )
