"""The runs that Airflow prepares for DAGs that wait for assets, and what has arrived for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from airflow_provider_hybrid.compat.database import AssetDagRunQueue, AssetEvent, DagModel, DagRun
from airflow_provider_hybrid.compat.partitions import (
    HAS_PARTITIONS,
    AssetPartitionDagRun,
    PartitionedAssetKeyLog,
)
from airflow_provider_hybrid.view.runs import RunNow

_RUN = (DagRun.dag_id, DagRun.run_id, DagRun.state)

_DELIVERED = (DagRun.dag_id == AssetEvent.source_dag_id) & (DagRun.run_id == AssetEvent.source_run_id)


@dataclass(frozen=True)
class Arrival:
    """An asset that has arrived for a pending run.

    Args:
        asset_id: The asset's number in the database.
        key: The key of the asset's event; empty without partitions.
        at: When it arrived.
        run: The run that delivered it; None if no run did, or if it is deleted.
    """

    asset_id: int
    key: str
    at: datetime
    run: RunNow | None


@dataclass(frozen=True)
class Pending:
    """A run that Airflow starts once enough assets are there.

    Args:
        dag: The row of its DAG.
        partition: The key of the partition; empty if the DAG waits for no partitions.
        since: When the first asset arrived.
        arrivals: What has arrived, in the order of time.
    """

    dag: Any
    partition: str
    since: datetime
    arrivals: Sequence[Arrival]


def pending_runs(session: Any, dag_ids: Collection[str], limit: int) -> list[Pending]:
    """Return the pending runs of DAGs, the newest first.

    Args:
        session: A session of Airflow's database.
        dag_ids: The DAGs to look at. Those whose files are gone are left out.
        limit: The most runs to return.
    """
    found = [*_partitions(session, dag_ids, limit), *_queues(session, dag_ids)]
    return sorted(found, key=lambda pending: pending.since, reverse=True)[:limit]


def _partitions(session: Any, dag_ids: Collection[str], limit: int) -> list[Pending]:
    if not HAS_PARTITIONS:
        return []
    rows = session.execute(
        select(
            AssetPartitionDagRun.id,
            AssetPartitionDagRun.partition_key,
            AssetPartitionDagRun.created_at,
            DagModel,
        )
        .join(DagModel, DagModel.dag_id == AssetPartitionDagRun.target_dag_id)
        .where(AssetPartitionDagRun.created_dag_run_id.is_(None), _wanted(dag_ids))
        .order_by(AssetPartitionDagRun.created_at.desc())
        .limit(limit)
    ).all()
    arrivals: dict[int, list[Arrival]] = defaultdict(list)
    for number, asset_id, key, at, *run in session.execute(
        select(
            PartitionedAssetKeyLog.asset_partition_dag_run_id,
            PartitionedAssetKeyLog.asset_id,
            PartitionedAssetKeyLog.source_partition_key,
            PartitionedAssetKeyLog.created_at,
            *_RUN,
        )
        .outerjoin(AssetEvent, AssetEvent.id == PartitionedAssetKeyLog.asset_event_id)
        .outerjoin(DagRun, _DELIVERED)
        .where(PartitionedAssetKeyLog.asset_partition_dag_run_id.in_([row.id for row in rows]))
        .order_by(PartitionedAssetKeyLog.id)
    ):
        arrivals[number].append(_arrival(asset_id, key, at, run))
    return [Pending(row.DagModel, row.partition_key, row.created_at, arrivals[row.id]) for row in rows]


def _queues(session: Any, dag_ids: Collection[str]) -> list[Pending]:
    """Return the next runs of DAGs that wait for assets without partitions: each DAG has one at most."""
    event = aliased(AssetEvent)
    newest_by_then = (
        select(event.id)
        .where(event.asset_id == AssetDagRunQueue.asset_id, event.timestamp <= AssetDagRunQueue.created_at)
        .order_by(event.timestamp.desc())
        .limit(1)
        .correlate(AssetDagRunQueue)
        .scalar_subquery()
    )
    arrivals: dict[str, list[Arrival]] = defaultdict(list)
    dags = {}
    for dag, asset_id, at, *run in session.execute(
        select(DagModel, AssetDagRunQueue.asset_id, AssetDagRunQueue.created_at, *_RUN)
        .select_from(AssetDagRunQueue)
        .join(DagModel, DagModel.dag_id == AssetDagRunQueue.target_dag_id)
        .outerjoin(AssetEvent, AssetEvent.id == newest_by_then)
        .outerjoin(DagRun, _DELIVERED)
        .where(_wanted(dag_ids))
        .order_by(AssetDagRunQueue.created_at)
    ):
        dags[dag.dag_id] = dag
        arrivals[dag.dag_id].append(_arrival(asset_id, "", at, run))
    return [Pending(dag, "", arrivals[dag_id][0].at, arrivals[dag_id]) for dag_id, dag in dags.items()]


def _arrival(asset_id: int, key: str, at: datetime, run: Sequence[Any]) -> Arrival:
    dag_id, run_id, state = run
    return Arrival(asset_id, key, at, RunNow(dag_id, run_id, str(state)) if run_id else None)


def _wanted(dag_ids: Iterable[str]) -> Any:
    return DagModel.dag_id.in_(sorted(dag_ids)) & DagModel.is_stale.is_(False)
