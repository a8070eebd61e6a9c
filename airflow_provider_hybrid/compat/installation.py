"""What a command asks of the Airflow that is installed on this machine: its database, its configuration.

Airflow takes seconds to import, so each function imports what it needs.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from airflow_provider_hybrid.exceptions import HybridError
from airflow_provider_hybrid.sqs.url import without_credentials


class NotLoadedError(Exception):
    """Airflow cannot be imported, as something is wrong with its configuration."""


class UnansweredError(Exception):
    """A Variable was not found, and a place where it may be did not answer: the cause says why."""


class DagState(NamedTuple):
    """A DAG as Airflow's database knows it.

    Args:
        is_paused: Whether it is paused.
        has_import_errors: Whether its file cannot be imported.
    """

    is_paused: bool
    has_import_errors: bool


class NoDatabaseError(HybridError):
    """Airflow cannot be loaded, or its database does not answer; says which, and what to do."""


@contextmanager
def airflow_session() -> Iterator[Any]:
    """Open a session of Airflow's database.

    Raises:
        NoDatabaseError: If Airflow cannot be imported, or its database does not answer.
    """
    try:
        with _loading():
            from airflow.utils.session import create_session
    except NotLoadedError as error:
        raise NoDatabaseError(
            f"Airflow cannot be loaded ({error})", "Mend its configuration: `airflow db check`"
        ) from error
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with create_session() as session:
            yield session
    except SQLAlchemyError as error:
        raise NoDatabaseError(*who_is_silent(error)) from error


def who_is_silent(error: BaseException | None) -> tuple[str, str]:
    """Say whether Airflow's database or its secrets backend does not answer.

    Args:
        error: What came instead of an answer.

    Returns:
        Who does not answer, and what to do.
    """
    from airflow.configuration import AIRFLOW_HOME
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    who = "Airflow's database" if isinstance(error, SQLAlchemyError) else "Airflow's secrets backend"
    origin = error.orig if isinstance(error, DBAPIError) else error
    said = without_credentials(str(origin).partition("\n")[0])
    return (
        f"{who} does not answer ({type(origin).__name__}: {said})",
        f"AIRFLOW_HOME is {AIRFLOW_HOME}; run this where Airflow runs, with its AIRFLOW_HOME and settings",
    )


def dag_states(dag_ids: Iterable[str]) -> dict[str, DagState]:
    """Look DAGs up; those that Airflow does not know, or no longer, are left out.

    Raises:
        NotLoadedError: If Airflow cannot be imported.
        sqlalchemy.exc.SQLAlchemyError: If Airflow's database does not answer.
    """
    with _loading():
        from airflow.models.dag import DagModel
        from airflow.utils.session import create_session
    from sqlalchemy import select

    known = select(DagModel).where(DagModel.dag_id.in_(sorted(dag_ids)), ~DagModel.is_stale)
    with create_session() as session:
        dags = session.scalars(known)
        return {dag.dag_id: DagState(dag.is_paused, bool(dag.has_import_errors)) for dag in dags}


def queued_runs(dag_ids: Iterable[str]) -> dict[str, int]:
    """Count the queued runs of DAGs; a DAG without any is left out.

    Raises:
        NotLoadedError: If Airflow cannot be imported.
        sqlalchemy.exc.SQLAlchemyError: If Airflow's database does not answer.
    """
    with _loading():
        from airflow.models.dagrun import DagRun
        from airflow.utils.session import create_session
    from sqlalchemy import func, select

    of_these = DagRun.dag_id.in_(sorted(dag_ids))
    counts = select(DagRun.dag_id, func.count()).where(of_these, DagRun.state == "queued")
    with create_session() as session:
        return dict(session.execute(counts.group_by(DagRun.dag_id)).all())


def tasks_of_dags(tag: str) -> dict[str, list[dict[str, Any]]]:
    """Return the fields of each task of the DAGs that have a tag, by DAG id.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If Airflow's database does not answer.
    """
    from airflow.models.dag import DagModel, DagTag
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    tagged = select(DagTag.dag_id).where(DagTag.name == tag)
    known = select(DagModel.dag_id).where(DagModel.dag_id.in_(tagged), ~DagModel.is_stale)
    found: dict[str, list[dict[str, Any]]] = {}
    with create_session() as session:
        for dag_id in session.scalars(known):
            serialized = SerializedDagModel.get(dag_id, session=session)
            tasks = serialized.data["dag"]["tasks"] if serialized and serialized.data else ()
            found[dag_id] = [task["__var"] for task in tasks]
    return found


def bundle_names(dag_ids: Iterable[str], versions: int) -> dict[str, Sequence[str]]:
    """Return for each DAG the bundles of its latest versions, the oldest first, and then its bundle now.

    Args:
        dag_ids: The DAGs; those that Airflow does not know, or that have no version, are left out.
        versions: The number of versions to look at.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If Airflow's database does not answer.
    """
    from airflow.models.dag import DagModel
    from airflow.models.dag_version import DagVersion
    from airflow.utils.session import create_session
    from sqlalchemy import select

    known = select(DagModel.dag_id, DagModel.bundle_name).where(DagModel.dag_id.in_(sorted(set(dag_ids))))
    found: dict[str, Sequence[str]] = {}
    with create_session() as session:
        for dag_id, now in session.execute(known):
            latest = (
                select(DagVersion.bundle_name)
                .where(DagVersion.dag_id == dag_id)
                .order_by(DagVersion.version_number.desc())
                .limit(versions)
            )
            if before := session.scalars(latest).all():
                found[dag_id] = [str(name) for name in (*reversed(before), now)]
    return found


def get_variable(key: str) -> Any:
    """Read a Variable as `airflow variables get` does; None if it does not exist.

    If a secrets backend or the database does not answer, Airflow logs the error and goes on as if the
    Variable did not exist. So an error in its log is raised here.

    Raises:
        NotLoadedError: If Airflow cannot be imported.
        UnansweredError: If it may exist where nobody answered.
    """
    with _loading():
        from airflow.models.variable import Variable
    with _held_back("airflow.models.variable") as records:
        value = Variable.get(key, default_var=None)
    causes = [record.exc_info[1] for record in records if record.exc_info]
    if value is None and causes:
        raise UnansweredError from causes[-1]
    for record in records:
        logging.getLogger(record.name).handle(record)
    return value


def load_airflow() -> None:
    """Import Airflow, so that a fault in its configuration shows.

    Raises:
        NotLoadedError: If Airflow cannot be imported.
    """
    with _loading():
        from airflow.models.dag import DagModel  # noqa: F401


def local_bundle_class() -> str:
    """Return the path of the class of DAG bundles that are folders of this machine."""
    from airflow.dag_processing.bundles.local import LocalDagBundle

    return f"{LocalDagBundle.__module__}.{LocalDagBundle.__qualname__}"


@contextmanager
def connections_from_database() -> Iterator[None]:
    """Let hooks outside of a task find their connections in Airflow's database, too.

    Airflow 3.3 looks there only in a process that calls itself the server's, as `airflow connections` does.
    """
    name = "_AIRFLOW_PROCESS_CONTEXT"
    before = os.environ.get(name)
    os.environ[name] = "server"
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before


@contextmanager
def _loading() -> Iterator[None]:
    """Raise a `NotLoadedError` for whatever Airflow makes of its configuration while it is imported."""
    try:
        yield
    except Exception as error:
        said = without_credentials(str(error).partition("\n")[0])
        raise NotLoadedError(f"{type(error).__name__}: {said}") from error


@contextmanager
def _held_back(logger: str) -> Iterator[list[logging.LogRecord]]:
    """Hold back the records that a logger gets in the block."""
    records: list[logging.LogRecord] = []

    def hold_back(record: logging.LogRecord) -> bool:
        records.append(record)
        return False

    logging.getLogger(logger).addFilter(hold_back)
    try:
        yield records
    finally:
        logging.getLogger(logger).removeFilter(hold_back)
