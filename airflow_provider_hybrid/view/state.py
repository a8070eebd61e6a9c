"""The state of a dispatcher: whether it listens, and why not."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import select

from airflow_provider_hybrid.compat.database import DagModel, DagRun, Job, TaskInstance, Trigger, XComModel
from airflow_provider_hybrid.record.line import ERROR_PREFIX

State = Literal["listening", "working", "starting", "paused", "failed", "deaf", "missing"]

MEANINGS: dict[State, str] = {
    "listening": "it waits for messages, or for room for further queued runs",
    "working": "it launches DAG runs, and takes what comes",
    "starting": "its tasks wait for a worker",
    "paused": "it is paused: messages wait in the queue",
    "failed": "its last try failed, and Airflow tries again by itself",
    "deaf": "it waits in a triggerer that is not alive: nothing is received",
    "missing": "Airflow has no run of it: nothing is received",
}
"""What a state means."""

REMEDIES: dict[State, str] = {
    "paused": "`airflow dags unpause` lets it go on",
    "failed": "Mend the cause, which the log of its red task names",
    "deaf": "Start a triggerer",
    "missing": "Look whether the scheduler is up, and at `airflow dags list-import-errors`",
}
"""What to do about a state in which nothing is received."""

WELL: frozenset[State] = frozenset(("listening", "working", "starting"))
"""The states in which it takes messages, or soon will."""


def state_of(session: Any, dag_id: str) -> State:
    """Look at a dispatcher's tasks, and at the triggerers in which they wait.

    Args:
        session: A session of Airflow's database.
        dag_id: The dispatcher.
    """
    states, waiting_in = _tasks(session, dag_id)
    if "running" in states:
        return "working"
    if session.scalar(select(DagModel.is_paused).where(DagModel.dag_id == dag_id)):
        return "paused"
    if "deferred" in states:
        return "listening" if any(job is None or job.is_alive() for job in waiting_in) else "deaf"
    if "up_for_retry" in states:
        return "failed"
    if states & {"scheduled", "queued", "restarting"}:
        return "starting"
    last = select(DagRun.state).where(DagRun.dag_id == dag_id).order_by(DagRun.id.desc()).limit(1)
    return "failed" if session.scalar(last) == "failed" else "missing"


def last_error(session: Any, dag_id: str) -> str:
    """Return the error because of which `listen` failed last; empty if the record has none."""
    errors = (
        select(XComModel.value)
        .where(
            XComModel.dag_id == dag_id,
            XComModel.key >= f"{ERROR_PREFIX}_0",
            XComModel.key < f"{ERROR_PREFIX}_9",
        )
        .order_by(XComModel.key.desc())
        .limit(1)
    )
    return str(session.scalar(errors) or "")


def _tasks(session: Any, dag_id: str) -> tuple[set[str], list[Any]]:
    """Return the states of a dispatcher's tasks in runs under way, and the triggerers of those that wait.

    A trigger that no triggerer has taken yet has None: a triggerer takes new ones within seconds.
    """
    rows = session.execute(
        select(TaskInstance.state, Job)
        .join(DagRun, (DagRun.dag_id == TaskInstance.dag_id) & (DagRun.run_id == TaskInstance.run_id))
        .outerjoin(Trigger, Trigger.id == TaskInstance.trigger_id)
        .outerjoin(Job, Job.id == Trigger.triggerer_id)
        .where(TaskInstance.dag_id == dag_id, DagRun.state.in_(("queued", "running")))
    ).all()
    return {str(state) for state, _ in rows}, [job for state, job in rows if state == "deferred"]
