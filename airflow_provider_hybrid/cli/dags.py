"""Dispatchers, and the DAGs that routes name, as Airflow's database knows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

TAG = "hybrid"
"""The tag that `build_dispatcher` gives to a dispatcher."""

LATEST = 10
"""The number of a DAG's versions to look at. Two DAGs that overwrite each other make that many in minutes."""


class DagTrouble(NamedTuple):
    """A reason why the runs of a DAG would not start, or not go on.

    Args:
        text: What is the matter.
        mend: What to do.
        stops: Whether its messages come back until it is mended.
    """

    text: str
    mend: str
    stops: bool


def dag_troubles(dag_ids: Iterable[str]) -> Iterator[DagTrouble]:
    """Name the DAGs that do not exist, cannot be imported or are paused, by Airflow's database."""
    from sqlalchemy import select
    from sqlalchemy.exc import SQLAlchemyError

    try:
        # Only this needs Airflow, which takes seconds to import, and connects to the database.
        from airflow.models.dag import DagModel
        from airflow.utils.session import create_session
    except Exception as error:  # noqa: BLE001  (whatever Airflow makes of its configuration)
        text = f"DAGs were not looked up, Airflow cannot be loaded: {type(error).__name__}"
        yield DagTrouble(text, "Mend Airflow's configuration: `airflow db check`", stops=False)
        return
    wanted = sorted(set(dag_ids))
    try:
        with create_session() as session:
            found = {
                dag.dag_id: (dag.is_paused, dag.has_import_errors)
                for dag in session.scalars(
                    select(DagModel).where(DagModel.dag_id.in_(wanted), ~DagModel.is_stale)
                )
            }
    except SQLAlchemyError as error:
        text = f"DAGs were not looked up, Airflow's database does not answer: {type(error).__name__}"
        yield DagTrouble(text, "Run it where Airflow's database can be reached", stops=False)
        return
    for dag_id in wanted:
        paused, broken = found.get(dag_id, (False, False))
        if dag_id not in found:
            text = f"DAG {dag_id!r} does not exist: its messages come back until it does"
            yield DagTrouble(text, "Deploy it, or change 'trigger_dag_id'", stops=True)
        elif broken:
            text = f"DAG {dag_id!r} has an import error: its messages come back until it is mended"
            yield DagTrouble(text, "`airflow dags list-import-errors` shows it", stops=True)
        elif paused:
            text = f"DAG {dag_id!r} is paused: its runs wait as queued"
            yield DagTrouble(text, f"airflow dags unpause {dag_id}", stops=False)


def dispatchers() -> dict[str, str]:
    """Return the Variable of each dispatcher that Airflow knows, by DAG id.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If Airflow's database does not answer.
    """
    from airflow.models.dag import DagModel, DagTag
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    tagged = select(DagTag.dag_id).where(DagTag.name == TAG)
    found: dict[str, str] = {}
    with create_session() as session:
        for dag_id in session.scalars(
            select(DagModel.dag_id).where(DagModel.dag_id.in_(tagged), ~DagModel.is_stale)
        ):
            serialized = SerializedDagModel.get(dag_id, session=session)
            tasks = serialized.data["dag"]["tasks"] if serialized and serialized.data else ()
            for fields in (task["__var"] for task in tasks):
                if variable := fields.get("config_variable"):
                    found[dag_id] = variable
    return found


def bundles(dag_ids: Iterable[str]) -> dict[str, Sequence[str]]:
    """Return for each DAG the bundles of its latest versions, the oldest first, and then its bundle now.

    Args:
        dag_ids: The DAGs; those that Airflow does not know are left out.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If Airflow's database does not answer.
    """
    from airflow.models.dag import DagModel
    from airflow.models.dag_version import DagVersion
    from airflow.utils.session import create_session
    from sqlalchemy import select

    found: dict[str, Sequence[str]] = {}
    with create_session() as session:
        known = select(DagModel.dag_id, DagModel.bundle_name).where(DagModel.dag_id.in_(sorted(set(dag_ids))))
        for dag_id, now in session.execute(known):
            versions = (
                select(DagVersion.bundle_name)
                .where(DagVersion.dag_id == dag_id)
                .order_by(DagVersion.version_number.desc())
                .limit(LATEST)
            )
            if before := session.scalars(versions).all():
                found[dag_id] = [str(name) for name in (*reversed(before), now)]
    return found
