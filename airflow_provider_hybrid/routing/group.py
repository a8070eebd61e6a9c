"""The groups of a batch: one task launches and settles the deliveries of one group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from airflow_provider_hybrid.routing.delivery import Delivery


def group_deliveries(
    deliveries: Iterable[Delivery], *, ordered: bool = False, max_launches: int = 250
) -> Iterator[list[Delivery]]:
    """Split a batch into groups, each of which one task launches and settles.

    Deliveries to the same DAG (or the same set of DAGs) stay together, in the order in which they came.

    Args:
        deliveries: The whole batch.
        ordered: Whether the order within a message group matters (a FIFO queue). A message group is then
            never split, because tasks run side by side.
        max_launches: The most runs that a group starts; a message without a run counts as one. Only a
            delivery, or a message group that is not split, may exceed it.
    """
    parts = _by_message_group(deliveries) if ordered else [[delivery] for delivery in deliveries]
    for _, same in groupby(sorted(parts, key=dag_ids), key=dag_ids):
        group: list[Delivery] = []
        asked: set[str] = set()
        for part in same:
            more = {work for delivery in part for work in _work(delivery)}
            if group and len(asked | more) > max_launches:
                yield group
                group, asked = [], set()
            group += part
            asked |= more
        yield group


def dag_ids(deliveries: Sequence[Delivery]) -> tuple[str, ...]:
    """Return the DAGs that deliveries start runs of."""
    return tuple(sorted({dag_id for delivery in deliveries for dag_id in delivery.dag_ids}))


def count_runs_of(deliveries: Iterable[Delivery]) -> int:
    """Count the runs that deliveries ask for; a run that several ask for counts once."""
    launches = (launch for delivery in deliveries for launch in delivery.launches)
    return len({(launch.trigger_dag_id, launch.trigger_run_id) for launch in launches})


def _by_message_group(deliveries: Iterable[Delivery]) -> list[list[Delivery]]:
    parts: dict[str | None, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        parts[delivery.message.group_id].append(delivery)
    return list(parts.values())


def _work(delivery: Delivery) -> set[str]:
    """Return the ids of a delivery's runs; the message's id if it has no run, as settling it is work too."""
    return {launch.trigger_run_id for launch in delivery.launches} or {delivery.message.message_id}
