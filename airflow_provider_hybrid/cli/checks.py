"""What a configuration may say and nobody can have meant."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from airflow_provider_hybrid.config.models import DispatcherConfig, RouteConfig
from airflow_provider_hybrid.patterns.pattern import EventPattern

STRINGS = ("id", "source", "detail-type", "time", "account", "region")
FIELDS = (*STRINGS, "resources", "detail", "$or")

S3_DETAIL_TYPES = {
    "Object Created",
    "Object Deleted",
    "Object Restore Initiated",
    "Object Restore Completed",
    "Object Restore Expired",
    "Object Storage Class Changed",
    "Object Access Tier Changed",
    "Object ACL Updated",
    "Object Tags Added",
    "Object Tags Deleted",
}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html"""


def warnings(config: DispatcherConfig) -> list[str]:
    """Say what looks wrong in a configuration that is valid: routes that never match, runs that collide."""
    return [
        *(f"routes[{index}]: {text}" for index, route in enumerate(config.routes) for text in _route(route)),
        *_collisions(config),
    ]


def _route(route: RouteConfig) -> Iterator[str]:
    if not EventPattern(route.event_pattern).alternatives:
        yield "event_pattern: can never match: its conditions exclude each other"
    for key, condition in route.event_pattern.items():
        if key.split(".")[0] not in FIELDS and not _wants_absence(condition):
            yield f"event_pattern.{key}: can never match: an event has only {', '.join(FIELDS[:-1])}"
        elif key in STRINGS and isinstance(condition, dict):
            yield f"event_pattern.{key}: can never match: {key!r} is a string, give a list of values"
        elif key == "detail" and isinstance(condition, list):
            yield "event_pattern.detail: can never match: 'detail' is an object, name fields in it"
    sources, types = (route.event_pattern.get(key) for key in ("source", "detail-type"))
    if sources == ["aws.s3"] and _strings(types) and S3_DETAIL_TYPES.isdisjoint(_strings(types)):
        known = ", ".join(sorted(S3_DETAIL_TYPES))
        yield f"event_pattern.detail-type: can never match: S3 sends none of {types}, but {known}"
    if route.event_id and "{" not in route.event_id:
        yield "event_id: is the same for every event, so this route starts one run and never another"


def _collisions(config: DispatcherConfig) -> Iterator[str]:
    for one, other in itertools.permutations(config.routes, 2):
        if other.name.startswith(f"{one.name}__"):
            yield (
                f"routes {one.name!r} and {other.name!r}: run ids may collide, as '__' parts a route's name "
                "from the event's id; rename one"
            )
    for one, other in itertools.combinations(config.routes, 2):
        if one.name.lower() == other.name.lower():
            yield (
                f"routes {one.name!r} and {other.name!r}: run ids collide in a database that knows no case, "
                "as MySQL; rename one"
            )


def _wants_absence(condition: Any) -> bool:
    return isinstance(condition, list) and {"exists": False} in condition


def _strings(values: Any) -> list[str]:
    """Return the values of a list, if all of them are exact strings."""
    only = isinstance(values, list) and all(isinstance(value, str) for value in values)
    return values if only else []
