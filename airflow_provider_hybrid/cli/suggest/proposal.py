"""A route for the events of a kind. PURE: it calls nobody."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from airflow_provider_hybrid.cli.suggest.kinds import Kind, Place
from airflow_provider_hybrid.config.route import RouteConfig
from airflow_provider_hybrid.events.event import Event

LONGEST_NAME = 60
"""The most characters of a route's name; run ids begin with it."""

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+")

Json = dict[str, Any]


def propose(kind: Kind, events: Sequence[Event], taken: Collection[str]) -> Json | None:
    """Return a route that wants the events of a kind, as the configuration has it.

    Args:
        kind: The kind.
        events: Its events.
        taken: The names of routes that exist.

    Returns:
        The route; None if no run should start for such events.

    Raises:
        pydantic.ValidationError: Never, or this is a fault of the package.
    """
    place = kind.place
    if place and place.is_folder:
        return None
    pattern: Json = {"source": [kind.source]}
    if kind.detail_type is not None:
        pattern["detail-type"] = [kind.detail_type]
    if place:
        pattern["detail"] = _detail(place, events)
    name = _name(kind, taken)
    route: Json = {"name": name, "event_pattern": pattern, "trigger_dag_id": name}
    if place:
        route["conf"] = {"bucket": "{{ event.detail.bucket.name }}", "key": "{{ event.detail.object.key }}"}
    RouteConfig.model_validate(route)
    return route


def _detail(place: Place, events: Sequence[Event]) -> Json:
    detail: Json = {"bucket": {"name": [place.bucket]}}
    thing: Json = {}
    if place.prefix and place.suffix:
        thing["key"] = [{"wildcard": f"{_literal(place.prefix)}*{_literal(place.suffix)}"}]
    elif place.prefix or place.suffix:
        thing["key"] = [{"prefix": place.prefix} if place.prefix else {"suffix": place.suffix}]
    if not place.suffix and all(_size(event) > 0 for event in events):
        # A folder is an empty object, and its key ends like no file's.
        thing["size"] = [{"numeric": [">", 0]}]
    return {**detail, "object": thing} if thing else detail


def _literal(text: str) -> str:
    r"""Write a text for a wildcard, in which ``*`` and ``\`` mean something."""
    return re.sub(r"[*\\]", r"\\\g<0>", text)


def _size(event: Event) -> float:
    size = event.detail["object"].get("size")
    return size if isinstance(size, int | float) and not isinstance(size, bool) else 0


def _name(kind: Kind, taken: Collection[str]) -> str:
    if kind.place:
        words = f"{kind.place.bucket}_{kind.place.prefix}{kind.place.suffix.removeprefix('.')}"
    else:
        words = kind.detail_type or kind.source
    name = _NOT_IN_NAMES.sub("_", words).strip("_.-")[:LONGEST_NAME].lower() or "route"
    number, free = 2, name
    while free in taken:
        number, free = number + 1, f"{name}_{number}"
    return free
