"""Which assets a DAG still waits for, by the condition of its schedule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any


def awaited(condition: Mapping[str, Any], arrived: Collection[str]) -> list[str]:
    """Return the assets, by name or URI, of which some or all must come before the DAG starts.

    Where one of several is enough, all of them are returned until one is there. What an alias stands for is
    known only once it is there, so an alias is never returned.

    Args:
        condition: The ``asset_expression`` of Airflow's `DagModel`, such as
            ``{"all": [{"asset": {"name": "orders"}}]}``.
        arrived: The names and URIs of the assets that are there.
    """
    return [*dict.fromkeys(_awaited(condition, arrived))]


def _awaited(condition: Mapping[str, Any], arrived: Collection[str]) -> Iterator[str]:
    ((kind, content),) = condition.items()
    if kind == "all":
        for part in content:
            yield from _awaited(part, arrived)
    elif kind == "any":
        parts = [[*_awaited(part, arrived)] for part in content]
        if all(parts):
            for part in parts:
                yield from part
    elif kind != "alias":
        name = content.get("name") or content["uri"]
        if name not in arrived:
            yield name
