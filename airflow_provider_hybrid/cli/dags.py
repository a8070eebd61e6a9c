"""The DAGs that routes name, as Airflow's database knows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from airflow_provider_hybrid.compat.installation import DagState, NotLoadedError, dag_states, who_is_silent


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


def dag_troubles(dag_ids: Iterable[str], expectations_dag_id: str | None = None) -> Iterator[DagTrouble]:
    """Name the DAGs that do not exist, cannot be imported or are paused, by Airflow's database.

    Args:
        dag_ids: The DAGs that routes name.
        expectations_dag_id: The DAG that tells when an event does not come; None if nothing is expected.
    """
    from sqlalchemy.exc import SQLAlchemyError

    wanted = {*dag_ids, *([expectations_dag_id] if expectations_dag_id else [])}
    try:
        states = dag_states(wanted)
    except NotLoadedError as error:
        text = f"DAGs were not looked up: Airflow cannot be loaded ({error})"
        yield DagTrouble(text, "Mend Airflow's configuration: `airflow db check`", stops=False)
        return
    except SQLAlchemyError as error:
        found, mend = who_is_silent(error)
        yield DagTrouble(f"DAGs were not looked up: {found}", mend, stops=False)
        return
    for dag_id in sorted(wanted):
        trouble = _trouble(dag_id, states.get(dag_id))
        if trouble and dag_id == expectations_dag_id:
            fact = trouble.text.partition(":")[0]
            mend = "`build_expectations()` makes it" if trouble.stops else trouble.mend
            trouble = DagTrouble(f"{fact}: nobody is told when an event does not come", mend, stops=False)
        if trouble:
            yield trouble


def _trouble(dag_id: str, state: DagState | None) -> DagTrouble | None:
    """Say what is the matter with a DAG that a route names; None if nothing is."""
    if state is None:
        text = f"DAG {dag_id!r} does not exist: its messages come back until it does"
        return DagTrouble(text, "Deploy it, or change 'trigger_dag_id'", stops=True)
    if state.has_import_errors:
        text = f"DAG {dag_id!r} has an import error: its messages come back until it is mended"
        return DagTrouble(text, "`airflow dags list-import-errors` shows it", stops=True)
    if state.is_paused:
        text = f"DAG {dag_id!r} is paused: its runs wait as queued"
        return DagTrouble(text, f"airflow dags unpause {dag_id}", stops=False)
    return None
