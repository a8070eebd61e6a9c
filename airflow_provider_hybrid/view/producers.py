"""Who delivers an asset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from airflow_provider_hybrid.compat.database import DagModel, TaskOutletAssetReference


@dataclass(frozen=True)
class Producers:
    """The tasks that have an asset as an outlet.

    Args:
        tasks: Their DAG ids and task ids, of DAGs that the user may read.
        hidden: Whether there are tasks of DAGs that the user may not read.
    """

    tasks: tuple[tuple[str, str], ...] = ()
    hidden: bool = False

    @property
    def dag_ids(self) -> list[str]:
        """The DAGs that the user may read."""
        return sorted({dag_id for dag_id, _ in self.tasks})


def producers_of(session: Any, asset_ids: Collection[int], readable: Collection[str]) -> dict[int, Producers]:
    """Return who delivers each asset, by the asset's number in the database.

    Args:
        session: A session of Airflow's database.
        asset_ids: The assets.
        readable: The DAGs that the user may read.
    """
    tasks: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for asset_id, *task in session.execute(
        select(
            TaskOutletAssetReference.asset_id,
            TaskOutletAssetReference.dag_id,
            TaskOutletAssetReference.task_id,
        )
        .join(DagModel, DagModel.dag_id == TaskOutletAssetReference.dag_id)
        .where(TaskOutletAssetReference.asset_id.in_(sorted(asset_ids)), DagModel.is_stale.is_(False))
        .order_by(TaskOutletAssetReference.dag_id, TaskOutletAssetReference.task_id)
    ):
        tasks[asset_id].append(tuple(task))
    return {asset_id: _shown(found, readable) for asset_id, found in tasks.items()}


def _shown(tasks: Collection[tuple[str, str]], readable: Collection[str]) -> Producers:
    shown = tuple(task for task in tasks if task[0] in readable)
    return Producers(shown, hidden=len(shown) < len(tasks))
