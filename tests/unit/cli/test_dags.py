"""What Airflow's database knows of DAGs and dispatchers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from airflow import settings
from airflow.models import import_all_models
from airflow.models.base import Base
from airflow.models.dag import DagModel, DagTag
from airflow.models.dag_version import DagVersion
from airflow.models.dagbundle import DagBundleModel
from airflow.models.serialized_dag import SerializedDagModel
from airflow.serialization.serialized_objects import LazyDeserializedDAG
from airflow.utils.session import create_session

from airflow_provider_hybrid.cli.dags import LATEST, TAG, bundles, dag_troubles, dispatchers
from airflow_provider_hybrid.dispatcher import build_dispatcher
from tests.harness.versions import DagSerialization


@pytest.fixture
def database() -> Iterator[None]:
    """Make the tables of Airflow's database, with two bundles."""
    import_all_models()
    Base.metadata.create_all(settings.engine)
    with create_session() as session:
        session.add_all([DagBundleModel(name="dags-folder"), DagBundleModel(name="team")])
    yield
    Base.metadata.drop_all(settings.engine)


def add(*dags: DagModel) -> None:
    with create_session() as session:
        session.add_all(dags)


def dag(dag_id: str, **fields: bool) -> DagModel:
    made = DagModel(dag_id=dag_id, bundle_name="dags-folder", fileloc=f"{dag_id}.py", **fields)
    made.is_stale = fields.get("is_stale", False)
    return made


@pytest.mark.usefixtures("database")
def test_dags_that_are_missing_broken_or_paused_are_named_and_no_others() -> None:
    add(
        dag("good", is_paused=False),
        dag("paused", is_paused=True),
        dag("broken", is_paused=False, has_import_errors=True),
        dag("gone", is_paused=False, is_stale=True),
    )

    troubles = list(dag_troubles(["paused", "good", "broken", "gone", "never", "never"]))

    assert [(trouble.text.partition(":")[0], trouble.stops) for trouble in troubles] == [
        ("DAG 'broken' has an import error", True),
        ("DAG 'gone' does not exist", True),
        ("DAG 'never' does not exist", True),
        ("DAG 'paused' is paused", False),
    ]


def test_without_a_database_one_line_says_so() -> None:
    (trouble,) = dag_troubles(["a", "b"])

    assert "Airflow's database does not answer: OperationalError" in trouble.text
    assert not trouble.stops


@pytest.mark.usefixtures("database")
def test_each_dispatcher_is_found_with_its_variable() -> None:
    for dag_id, variable in (("first", "orders"), ("second", "hybrid_dispatcher")):
        known = dag(dag_id)
        known.tags = [DagTag(name=TAG, dag_id=dag_id)]
        add(known)
        built = LazyDeserializedDAG(data=DagSerialization.to_dict(build_dispatcher(dag_id, variable)))
        with create_session() as session:
            SerializedDagModel.write_dag(built, bundle_name="team", session=session)
    add(dag("partner"))

    assert dispatchers() == {"first": "orders", "second": "hybrid_dispatcher"}


@pytest.mark.usefixtures("database")
def test_a_dag_is_told_with_the_bundles_of_its_latest_versions() -> None:
    add(dag("moving"), dag("new"))
    for number in range(1, LATEST + 3):
        name = "team" if number % 2 else "dags-folder"
        add(DagVersion(dag_id="moving", version_number=number, bundle_name=name))

    latest = ["team", "dags-folder"] * (LATEST // 2)
    assert bundles(["moving", "new", "never"]) == {"moving": [*latest, "dags-folder"]}
