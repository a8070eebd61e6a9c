"""The DAGs that routes name, as Airflow's database knows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from airflow_provider_hybrid.compat.installation import NotLoadedError, dag_states


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
    from sqlalchemy.exc import SQLAlchemyError

    wanted = sorted(set(dag_ids))
    try:
        states = dag_states(wanted)
    except NotLoadedError as error:
        text = f"DAGs were not looked up, Airflow cannot be loaded: {error}"
        yield DagTrouble(text, "Mend Airflow's configuration: `airflow db check`", stops=False)
        return
    except SQLAlchemyError as error:
        text = f"DAGs were not looked up, Airflow's database does not answer: {type(error).__name__}"
        yield DagTrouble(text, "Run it where Airflow's database can be reached", stops=False)
        return
    for dag_id in wanted:
        state = states.get(dag_id)
        if state is None:
            text = f"DAG {dag_id!r} does not exist: its messages come back until it does"
            yield DagTrouble(text, "Deploy it, or change 'trigger_dag_id'", stops=True)
        elif state.has_import_errors:
            text = f"DAG {dag_id!r} has an import error: its messages come back until it is mended"
            yield DagTrouble(text, "`airflow dags list-import-errors` shows it", stops=True)
        elif state.is_paused:
            text = f"DAG {dag_id!r} is paused: its runs wait as queued"
            yield DagTrouble(text, f"airflow dags unpause {dag_id}", stops=False)
