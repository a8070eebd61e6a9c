"""Many events become one run, where a route asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.run_id import run_id


def combine(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Let the launches of a route share runs, if the route has ``max_events``.

    Args:
        deliveries: A whole batch of messages, each with launches of its own.

    Returns:
        The same deliveries in the same order. Deliveries that share a run have the same launch.
    """
    single: dict[tuple[str, str], list[Launch]] = defaultdict(list)
    for delivery in deliveries:
        for launch in delivery.launches:
            if launch.max_events:
                single[launch.route, launch.trigger_dag_id].append(launch)
    combined = {
        launch.trigger_run_id: shared
        for launches in single.values()
        for launch, shared in _shared(launches, launches[0].max_events or 1)
    }
    return [
        replace(
            delivery,
            launches=_once(
                combined[launch.trigger_run_id] if launch.max_events else launch
                for launch in delivery.launches
            ),
        )
        for delivery in deliveries
    ]


def _shared(launches: Sequence[Launch], max_events: int) -> Iterable[tuple[Launch, Launch]]:
    """Pair each launch with the launch that it becomes part of; an event that came twice is in it once."""
    different = list({launch.trigger_run_id: launch for launch in launches}.values())
    for start in range(0, len(different), max_events):
        part = different[start : start + max_events]
        shared = _combined(part)
        for launch in part:
            yield launch, shared


def _combined(launches: Sequence[Launch]) -> Launch:
    """Make one launch of many, whose conf has their confs as the list ``events``.

    Its run id is derived from theirs, so the same events make the same run, in whatever order they come.

    Args:
        launches: At least one, all of the same route and DAG.
    """
    first = launches[0]
    ids = sorted(launch.trigger_run_id for launch in launches)
    return Launch(
        route=first.route,
        trigger_dag_id=first.trigger_dag_id,
        trigger_run_id=run_id(first.route, "\n".join(ids), f"{len(ids)}-events"),
        conf={"events": [launch.conf for launch in launches]},
        meets=tuple(dict.fromkeys(deadline for launch in launches for deadline in launch.meets)),
    )


def _once(launches: Iterable[Launch]) -> tuple[Launch, ...]:
    return tuple({launch.trigger_run_id: launch for launch in launches}.values())
