"""An Airflow metadata database in this process, with the DAGs that a test puts there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from airflow import settings
from airflow.models import import_all_models
from airflow.models.base import Base
from airflow.models.dag import DagModel
from airflow.models.dagbundle import DagBundleModel
from airflow.utils.session import create_session

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
