"""From a batch of deliveries to the groups in which they are launched and settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from airflow_provider_hybrid.routing.delivery import Delivery


def group_deliveries(deliveries: Iterable[Delivery], max_launches: int = 100) -> Iterator[list[Delivery]]:
    """Split a batch into groups, each of which one task launches and settles.

    Deliveries to the same DAG (or the same set of DAGs) stay together, in the order in which they came.

    Args:
        deliveries: The whole batch.
        max_launches: How many runs a group starts at most, and how many messages without a run it settles;
            only a single message may ask for more.
    """
    for _, same in groupby(sorted(deliveries, key=_dag_ids), key=_dag_ids):
        group: list[Delivery] = []
        asked: set[str] = set()
        for delivery in same:
            more = {launch.trigger_run_id for launch in delivery.launches} or {delivery.message.message_id}
            if group and len(asked | more) > max_launches:
                yield group
                group, asked = [], set()
            group.append(delivery)
            asked |= more
        yield group


def _dag_ids(delivery: Delivery) -> tuple[str, ...]:
    return delivery.dag_ids
