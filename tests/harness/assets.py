"""Final DAGs and the assets that they wait for, put into the database by Airflow's own code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.assets.manager import asset_manager
from airflow.dag_processing.collection import update_dag_parsing_results_in_db
from airflow.models.asset import AssetModel
from airflow.models.dagrun import DagRun
from airflow.serialization.serialized_objects import LazyDeserializedDAG
from airflow.utils.session import create_session
from sqlalchemy import select

from tests.harness.metadata import BUNDLES, add

if TYPE_CHECKING:
    from airflow.sdk import DAG


def parse(*dags: DAG) -> None:
    """Store DAGs, not paused, as the DAG processor does that has read their files."""
    for dag in dags:
        dag.relative_fileloc = f"{dag.dag_id}.py"
        dag.is_paused_upon_creation = False
    with create_session() as session:
        update_dag_parsing_results_in_db(
            bundle_name=BUNDLES[0],
            bundle_version=None,
            dags=[LazyDeserializedDAG.from_dag(dag) for dag in dags],
            import_errors={},
            parse_duration=None,
            warnings=set(),
            session=session,
        )


def deliver(asset: str, partition: str | None = None, by: tuple[str, str] | None = None) -> None:
    """Tell Airflow that an asset has come.

    Args:
        asset: Its name.
        partition: The key of its partition; None without.
        by: The DAG and the run that delivers it; None if no task does.
    """
    if by:
        start(*by, state="success")
    with create_session() as session:
        found = session.scalars(select(AssetModel).where(AssetModel.name == asset)).one()
        told = {} if partition is None else {"partition_key": partition}
        event = asset_manager.register_asset_change(asset=found, session=session, **told)
        if by:
            event.source_dag_id, event.source_run_id = by


def start(dag_id: str, run_id: str, state: str) -> None:
    """Store a run."""
    add(DagRun(dag_id=dag_id, run_id=run_id, run_type="manual", state=state))
