"""An Airflow metadata database in this process, with the DAGs that a test puts there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from airflow import settings
from airflow.models import import_all_models
from airflow.models.base import Base
from airflow.models.dag import DagModel
from airflow.models.dagbundle import DagBundleModel
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from airflow.utils.session import create_session
from sqlalchemy import insert, select

from airflow_provider_hybrid.record.line import Line, by_key

BUNDLES = ("dags-folder", "team")


@contextmanager
def metadata_database() -> Iterator[None]:
    """Make the tables of Airflow's database for the block, and two DAG bundles."""
    import_all_models()
    Base.metadata.create_all(settings.engine)
    add(*(DagBundleModel(name=name) for name in BUNDLES))
    yield
    Base.metadata.drop_all(settings.engine)


def add(*rows: object) -> None:
    """Store rows of Airflow's models."""
    with create_session() as session:
        session.add_all(rows)


def known_dag(dag_id: str, **fields: bool) -> DagModel:
    """Make the row of a DAG that Airflow has parsed, in the first bundle."""
    made = DagModel(dag_id=dag_id, bundle_name=BUNDLES[0], fileloc=f"{dag_id}.py", **fields)
    made.is_stale = fields.get("is_stale", False)
    return made


class Record:
    """The record of some dispatchers, of which each has one run."""

    def __init__(self, *dag_ids: str) -> None:
        """Store a run of each dispatcher."""
        self.run_ids = {dag_id: f"scheduled__{dag_id}" for dag_id in dag_ids}
        runs = [
            DagRun(dag_id=dag_id, run_id=run_id, run_type="scheduled", state="running")
            for dag_id, run_id in self.run_ids.items()
        ]
        add(*runs)
        with create_session() as session:
            self._numbers = dict(session.execute(select(DagRun.dag_id, DagRun.id)).all())
            # A task instance wants a task; its row does not.
            for dag_id, run_id in self.run_ids.items():
                names = {"dag_id": dag_id, "run_id": run_id, "task_id": "listen", "pool": "default_pool"}
                session.execute(insert(TaskInstance.__table__).values(**names))

    def write(self, dag_id: str, lines: Sequence[Line], when: datetime) -> None:
        """Write lines as `listen` does."""
        for key, value in by_key(lines, when.timestamp()).items():
            self.push(dag_id, key, value)

    def push(self, dag_id: str, key: str, value: Any) -> None:
        """Store any XCom of `listen`."""
        names = {"dag_id": dag_id, "task_id": "listen", "run_id": self.run_ids[dag_id]}
        add(XComModel(dag_run_id=self._numbers[dag_id], key=key, value=value, **names))
