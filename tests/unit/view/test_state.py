"""Whether a dispatcher listens, by Airflow's database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from airflow.jobs.job import Job
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from airflow.models.trigger import Trigger
from airflow.utils.session import create_session
from sqlalchemy import insert, update

from airflow_provider_hybrid.record.line import error_key_at
from airflow_provider_hybrid.view.state import MEANINGS, REMEDIES, WELL, last_error, state_of
from tests.harness.metadata import Record, add, known_dag

TriggererId = int | None


@pytest.fixture
def session(airflow_database: None) -> Iterator[Any]:
    add(known_dag("orders", is_paused=False))
    with create_session() as session:
        yield session


@pytest.fixture
def run(session: Any) -> Callable[..., None]:
    """Store a run of the dispatcher whose `listen` has a state, and perhaps waits in a triggerer."""
    numbers = iter(range(1, 100))

    def store(listen: str | None, triggerer: TriggererId = None, state: str = "running") -> None:
        number = next(numbers)
        session.add(DagRun(dag_id="orders", run_id=f"r-{number}", run_type="scheduled", state=state))
        trigger_id = None
        if listen == "deferred":
            trigger = Trigger(classpath="x", kwargs={})
            trigger.triggerer_id = triggerer
            session.add(trigger)
            session.flush()
            trigger_id = trigger.id
        session.flush()
        names = {"dag_id": "orders", "run_id": f"r-{number}", "task_id": "listen", "pool": "default_pool"}
        session.execute(insert(TaskInstance.__table__).values(**names, state=listen, trigger_id=trigger_id))

    return store


@pytest.fixture
def triggerer(session: Any) -> Callable[[float], int]:
    """Store a triggerer whose last heartbeat was so many seconds ago."""

    def store(ago: float) -> int:
        job = Job(job_type="TriggererJob", state="running")
        session.add(job)
        session.flush()
        when = datetime.now(tz=timezone.utc) - timedelta(seconds=ago)
        session.execute(update(Job).where(Job.id == job.id).values(latest_heartbeat=when))
        session.expire_all()
        return int(job.id)

    return store


def test_it_listens_in_a_triggerer_that_is_alive(session: Any, run: Any, triggerer: Any) -> None:
    run("deferred", triggerer(1))

    assert state_of(session, "orders") == "listening"


def test_in_a_dead_triggerer_it_hears_nothing(session: Any, run: Any, triggerer: Any) -> None:
    run("deferred", triggerer(1000))
    run("deferred", triggerer(1000))

    assert state_of(session, "orders") == "deaf"


def test_one_of_its_runs_that_listens_is_enough(session: Any, run: Any, triggerer: Any) -> None:
    run("deferred", triggerer(1000))
    run("deferred", triggerer(1))

    assert state_of(session, "orders") == "listening"


def test_while_a_task_runs_it_works_also_if_it_is_paused(session: Any, run: Any, triggerer: Any) -> None:
    session.execute(update_paused())
    run("deferred", triggerer(1))
    run("running")

    assert state_of(session, "orders") == "working"


def test_paused_it_receives_nothing(session: Any, run: Any, triggerer: Any) -> None:
    session.execute(update_paused())
    run("deferred", triggerer(1))

    assert state_of(session, "orders") == "paused"


def test_a_task_that_is_to_be_tried_again_has_failed(session: Any, run: Any) -> None:
    run("up_for_retry")

    assert state_of(session, "orders") == "failed"


@pytest.mark.parametrize("state", ["scheduled", "queued"])
def test_its_tasks_may_wait_for_a_worker(session: Any, run: Any, state: str) -> None:
    run(state)

    assert state_of(session, "orders") == "starting"


@pytest.mark.parametrize(("last", "state"), [("failed", "failed"), ("success", "missing")])
def test_without_a_run_under_way_the_last_one_says_why(session: Any, run: Any, last: str, state: str) -> None:
    run("success", state="success")
    run(last, state=last)

    assert state_of(session, "orders") == state


def test_a_dispatcher_that_never_ran_has_no_run(session: Any) -> None:
    assert state_of(session, "orders") == "missing"


def test_the_last_error_is_known(airflow_database: None) -> None:
    record = Record("orders", "files")
    record.push("orders", error_key_at(1.0), "the first")
    record.push("orders", error_key_at(2.0), "the queue is gone")
    record.push("files", error_key_at(3.0), "another one's")

    with create_session() as session:
        assert last_error(session, "orders") == "the queue is gone"
        assert last_error(session, "nobody") == ""


def test_every_state_that_is_not_well_says_what_to_do() -> None:
    assert set(MEANINGS) == WELL | REMEDIES.keys()


def update_paused() -> Any:
    from airflow.models.dag import DagModel

    return update(DagModel).values(is_paused=True)
