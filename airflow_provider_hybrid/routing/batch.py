"""Many events become one run, where a route asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch, batch_of


def combine(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Let the launches of routes with a batch size share runs.

    Args:
        deliveries: A whole batch of messages, each with launches of its own.

    Returns:
        The same deliveries in the same order; those whose launches were combined wait for the same run.
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
    """Pair each launch with the one that it becomes part of; an event that came twice is in it once."""
    different = list({launch.trigger_run_id: launch for launch in launches}.values())
    for start in range(0, len(different), max_events):
        part = different[start : start + max_events]
        shared = batch_of(part)
        for launch in part:
            yield launch, shared


def _once(launches: Iterable[Launch]) -> tuple[Launch, ...]:
    return tuple({launch.trigger_run_id: launch for launch in launches}.values())
