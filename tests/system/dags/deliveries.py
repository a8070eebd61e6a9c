"""Two partners, and the DAG that waits for both; from Airflow 3.3 on for each day apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow import __version__
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset, task

if TYPE_CHECKING:
    from airflow.sdk.types import DagRunProtocol, OutletEventAccessorsProtocol

HAS_PARTITIONS = tuple(map(int, __version__.split(".")[:2])) >= (3, 3)
ASSETS = {name: Asset(f"{name}_delivery") for name in ("early", "late")}
BOTH: Any = ASSETS["early"] & ASSETS["late"]

if HAS_PARTITIONS:
    from airflow.sdk import PartitionedAssetTimetable

    BOTH = PartitionedAssetTimetable(assets=BOTH)


def partner(name: str) -> DAG:
    """Make a DAG that delivers the day that its run's conf names, or fails."""
    with DAG(name, schedule=None) as dag:

        @task(outlets=[ASSETS[name]])
        def publish(dag_run: DagRunProtocol, outlet_events: OutletEventAccessorsProtocol) -> None:
            day = dag_run.conf["day"]
            if HAS_PARTITIONS:
                outlet_events[ASSETS[name]].add_partitions(day)

        publish()
    return dag


early, late = partner("early"), partner("late")

with DAG("joined", schedule=BOTH) as joined:
    EmptyOperator(task_id="nothing")
