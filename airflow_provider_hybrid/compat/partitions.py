"""Airflow's partitions: the tables of those that wait, and what a rollup wants.

The tables are there from Airflow 3.2 on. Rollups, which make one partition of many keys of an asset, came
with 3.3. It was seen to work on Airflow 3.2.2 and 3.3.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

try:
    from airflow.models.asset import AssetPartitionDagRun, PartitionedAssetKeyLog
except ImportError:  # before Airflow 3.2
    AssetPartitionDagRun = PartitionedAssetKeyLog = None  # type: ignore[assignment,misc]

__all__ = [
    "HAS_PARTITIONS",
    "AssetPartitionDagRun",
    "MapperError",
    "PartitionedAssetKeyLog",
    "keys_wanted",
    "rollups",
]

HAS_PARTITIONS = AssetPartitionDagRun is not None
"""Whether this Airflow has partitions."""


class MapperError(Exception):
    """A DAG's partition mapper fails, so Airflow does not start the DAG."""


def rollups(session: Any, dags: Iterable[Any]) -> dict[str, Any]:
    """Return the timetable of each DAG that has a rollup, by DAG id.

    Args:
        session: A session of Airflow's database.
        dags: Rows of `DagModel`.
    """
    found = [dag.dag_id for dag in dags if getattr(dag, "has_rollup_mappers", False)]
    if not found:
        return {}
    from airflow.api_fastapi.common.partition_helpers import load_partitioned_timetables

    return load_partitioned_timetables(found, session)


def keys_wanted(dag: Any, timetable: Any, name: str, uri: str, partition: str) -> frozenset[str] | None:
    """Return the keys that an asset must bring for a partition; None if any one is enough.

    Args:
        dag: The row of the final DAG.
        timetable: Its timetable, as `rollups` returns it; None if it has no rollup.
        name: The asset's name.
        uri: The asset's URI.
        partition: The key of the partition that waits.

    Raises:
        MapperError: If the DAG's mapper fails.
    """
    if timetable is None or not dag.is_rollup_asset(name=name, uri=uri):
        return None
    try:
        return frozenset(timetable.get_partition_mapper(name=name, uri=uri).to_upstream(partition))
    except Exception as error:  # the DAG's author wrote it
        raise MapperError from error
