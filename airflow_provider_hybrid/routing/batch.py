"""Many events become one run, where a route asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.run_id import run_id
from airflow_provider_hybrid.routing.window import Window

_Id = tuple[str, str]


def combine(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Let the launches of a route share runs, if the route has ``max_events``.

    Launches of different windows share none. A run's events have the order in which they were sent, and an
    event that came twice is in one of them.

    Args:
        deliveries: A whole batch of messages, each with launches of its own.

    Returns:
        The same deliveries in the same order. Deliveries that share a run have the same launch.
    """
    single: dict[_Id, Launch] = {}
    for delivery in sorted(deliveries, key=_sent_at):
        for launch in delivery.launches:
            if launch.max_events:
                single.setdefault(_id(launch), launch)
    together: dict[tuple[str, str, Window | None], list[Launch]] = defaultdict(list)
    for launch in single.values():
        together[launch.route, launch.trigger_dag_id, launch.window].append(launch)
    combined = {
        _id(launch): shared
        for launches in together.values()
        for launch, shared in _shared(launches, launches[0].max_events or 1)
    }
    return [
        replace(
            delivery,
            launches=_once(
                combined[_id(launch)] if launch.max_events else launch for launch in delivery.launches
            ),
        )
        for delivery in deliveries
    ]


def _shared(launches: Sequence[Launch], max_events: int) -> Iterable[tuple[Launch, Launch]]:
    """Pair each launch with the launch that it becomes part of."""
    for start in range(0, len(launches), max_events):
        part = launches[start : start + max_events]
        shared = _combined(part)
        for launch in part:
            yield launch, shared


def _combined(launches: Sequence[Launch]) -> Launch:
    """Make one launch of many, whose conf has their confs as the list ``events``.

    Its run id is derived from theirs, so the same events make the same run, in whatever order they come.

    Args:
        launches: At least one, all of the same route, DAG and window.
    """
    first = launches[0]
    ids = sorted(launch.trigger_run_id for launch in launches)
    window = {"window": first.window.conf} if first.window else {}
    return Launch(
        route=first.route,
        trigger_dag_id=first.trigger_dag_id,
        trigger_run_id=run_id(first.route, "\n".join(ids), f"{len(ids)}-events"),
        conf={"events": [launch.conf for launch in launches], **window},
        meets=tuple(dict.fromkeys(deadline for launch in launches for deadline in launch.meets)),
    )


def _id(launch: Launch) -> _Id:
    return launch.trigger_dag_id, launch.trigger_run_id


def _sent_at(delivery: Delivery) -> float:
    return delivery.message.sent_at or 0


def _once(launches: Iterable[Launch]) -> tuple[Launch, ...]:
    return tuple({_id(launch): launch for launch in launches}.values())
