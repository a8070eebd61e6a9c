"""What Airflow's database knows of DAGs and dispatchers."""

from __future__ import annotations

import pytest
from airflow.models.dag import DagTag
from airflow.models.serialized_dag import SerializedDagModel
from airflow.serialization.serialized_objects import LazyDeserializedDAG
from airflow.utils.session import create_session

from airflow_provider_hybrid.cli.dags import dag_troubles
from airflow_provider_hybrid.dispatcher import build_dispatcher
from airflow_provider_hybrid.view.dispatchers import TAG, dispatchers
from tests.harness.metadata import add, known_dag
from tests.harness.versions import DagSerialization


@pytest.mark.usefixtures("airflow_database")
def test_dags_that_are_missing_broken_or_paused_are_named_and_no_others() -> None:
    add(
        known_dag("good", is_paused=False),
        known_dag("paused", is_paused=True),
        known_dag("broken", is_paused=False, has_import_errors=True),
        known_dag("gone", is_paused=False, is_stale=True),
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

    assert "Airflow's database does not answer (OperationalError" in trouble.text
    assert not trouble.stops


@pytest.mark.usefixtures("airflow_database")
def test_each_dispatcher_is_found_with_its_variable() -> None:
    for dag_id, variable in (("first", "orders"), ("second", "hybrid_dispatcher")):
        known = known_dag(dag_id)
        known.tags = [DagTag(name=TAG, dag_id=dag_id)]
        add(known)
        built = LazyDeserializedDAG(data=DagSerialization.to_dict(build_dispatcher(dag_id, variable)))
        with create_session() as session:
            SerializedDagModel.write_dag(built, bundle_name="team", session=session)
    add(known_dag("partner"))

    assert dispatchers() == {"first": "orders", "second": "hybrid_dispatcher"}
