"""The wait for deadlines, and the look at each: the two tasks of the DAG of expectations."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.triggers.base import TriggerEvent

from airflow_provider_hybrid.documentation import page
from airflow_provider_hybrid.operators.expectation import ExpectationOperator
from airflow_provider_hybrid.operators.watch import SHIFT, WatchExpectationsOperator
from airflow_provider_hybrid.triggers import deadline as waiting
from airflow_provider_hybrid.triggers.deadline import GRACE, DeadlineTrigger
from tests.harness.dispatching import configure
from tests.harness.supervisor import Supervisor
from tests.harness.versions import AirflowFailException, TaskDeferred

DAG = "hybrid_expectations"
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/events"
ROUTE = {"name": "files", "event_pattern": {"source": ["aws.s3"]}, "trigger_dag_id": "partner"}
NOON = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)
FIVE_MINUTES_AGO = "11:55"


@pytest.fixture(autouse=True)
def noon(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon, UTC, and the DAG of expectations is there."""
    supervisor.dag_ids.add(DAG)
    monkeypatch.setattr(time, "time", NOON.timestamp)
    expect(monkeypatch, {"by": FIVE_MINUTES_AGO}, {"name": "later", "by": "12:30"})


def expect(monkeypatch: pytest.MonkeyPatch, *expectations: dict[str, Any], **changes: Any) -> None:
    """Set the dispatcher's Variable."""
    expected = [{"name": "orders", "route": "files", **one} for one in expectations]
    configure(monkeypatch, QUEUE_URL, routes=[ROUTE], expect=expected, **changes)


def context(
    began: datetime = NOON - timedelta(hours=1), conf: Any = None, run_id: str = "x"
) -> dict[str, Any]:
    """Return what Airflow gives a task in a run that began an hour ago."""
    return {
        "dag_run": SimpleNamespace(conf=conf, start_date=began, run_after=began),
        "ti": SimpleNamespace(dag_id=DAG),
        "run_id": run_id,
    }


def watch() -> WatchExpectationsOperator:
    return WatchExpectationsOperator(task_id="watch")


def look(conf: dict[str, Any], run_id: str = "x") -> ExpectationOperator:
    """Hand a run's conf from the one task to the other, as Airflow does."""
    (arguments,) = watch().execute(context(conf=json.loads(json.dumps(conf)), run_id=run_id))
    return ExpectationOperator(task_id="expectation", **arguments)


def test_it_starts_the_run_of_a_deadline_that_has_passed_and_waits_for_the_next(
    supervisor: Supervisor,
) -> None:
    with pytest.raises(TaskDeferred) as deferred:
        watch().execute(context())

    ((_, run_id),) = supervisor.runs
    assert run_id == "orders__2026-11-29T11:55"
    trigger = deferred.value.trigger
    assert isinstance(trigger, DeadlineTrigger)
    assert trigger.since == NOON.timestamp() - GRACE
    assert trigger.ends_at == (NOON - timedelta(hours=1) + SHIFT).timestamp()


@pytest.mark.parametrize(("minutes", "runs"), [(4, 1), (3, 0)])
def test_a_deadline_long_before_it_began_is_no_matter_of_its(
    supervisor: Supervisor, minutes: int, runs: int
) -> None:
    """So nobody is told of this morning's deadline when the DAG is unpaused in the afternoon."""
    with pytest.raises(TaskDeferred):
        watch().execute(context(began=NOON - timedelta(minutes=minutes, seconds=30)))

    assert len(supervisor.runs) == runs


def test_an_event_sent_in_time_has_some_seconds_to_start_its_run(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect(monkeypatch, {"by": "12:00"})
    for seconds, runs in ((0, 0), (GRACE - 1, 0), (GRACE, 1)):
        monkeypatch.setattr(time, "time", lambda seconds=seconds: NOON.timestamp() + seconds)
        with pytest.raises(TaskDeferred):
            watch().execute_complete(context(), {"since": NOON.timestamp() - 60})
        assert len(supervisor.runs) == runs


def test_what_came_in_time_is_left_alone(supervisor: Supervisor) -> None:
    came = SimpleNamespace(conf={"came": "run x of DAG y"})
    supervisor.runs[DAG, "orders__2026-11-29T11:55"] = came  # type: ignore[assignment]

    with pytest.raises(TaskDeferred):
        watch().execute(context())

    assert supervisor.runs == {(DAG, "orders__2026-11-29T11:55"): came}


def test_its_day_ends_after_the_next_one_has_begun() -> None:
    assert timedelta(days=1) < SHIFT
    assert watch().execute_complete(context(began=NOON - SHIFT), {"since": NOON.timestamp() - 60}) == []


def test_an_expectation_of_a_route_that_is_switched_off_is_not_looked_at(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {**ROUTE, "name": "other"}
    off = {"name": "orders", "route": "files", "by": FIVE_MINUTES_AGO}
    configure(monkeypatch, QUEUE_URL, routes=[{**ROUTE, "enabled": False}, other], expect=[off])

    with pytest.raises(TaskDeferred):
        watch().execute(context())

    assert supervisor.runs == {}


def test_a_dispatcher_that_names_another_dag_is_an_error_that_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expect(monkeypatch, {"by": FIVE_MINUTES_AGO}, expectations_dag_id="another")

    with pytest.raises(AirflowFailException, match=r"_dag_id' .* is 'another', and this DAG is "):
        watch().execute(context())


def test_nothing_came_and_the_error_says_what_is_missing_and_since_when(supervisor: Supervisor) -> None:
    with pytest.raises(TaskDeferred):
        watch().execute(context())
    ((_, run_id),) = supervisor.runs

    task = look(supervisor.runs[DAG, run_id].conf, run_id)

    with pytest.raises(AirflowFailException) as failed:
        task.execute(context(run_id=run_id))
    assert str(failed.value) == (
        "orders: No event of the route 'files' has come. It was due on Sunday, 2026-11-29, at 11:55 UTC "
        "(2026-11-29 11:55 UTC). When it comes, this run turns green\n"
        f"What to do: {page('troubleshooting', 'event-missing')}"
    )


def test_it_succeeds_once_another_run_says_that_the_event_came_late(supervisor: Supervisor) -> None:
    supervisor.runs[DAG, "orders__2026-11-29T11:55~late"] = SimpleNamespace()  # type: ignore[assignment]

    look({"expectation": "orders", "missing": "Nothing"}).execute(context(run_id="orders__2026-11-29T11:55"))


def test_it_succeeds_if_its_run_says_what_came(supervisor: Supervisor) -> None:
    look({"expectation": "orders", "came": "run x of DAG y"}).execute(context())


def test_what_else_stands_in_the_conf_does_no_harm() -> None:
    assert look({"expectation": "orders", "task_id": "{{ 1 }}"}).task_id == "expectation"


def first_event(trigger: DeadlineTrigger) -> TriggerEvent:
    async def run() -> TriggerEvent:
        return await anext(trigger.run())

    return asyncio.run(asyncio.wait_for(run(), 30))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that goes on when somebody sleeps: the seconds of each sleep."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(waiting.asyncio, "sleep", sleep)
    monkeypatch.setattr(time, "time", lambda: NOON.timestamp() + sum(slept))
    return slept


def test_the_trigger_waits_until_the_next_deadline_is_due(clock: list[float]) -> None:
    now = NOON.timestamp()

    event = first_event(DeadlineTrigger("hybrid_dispatcher", since=now, ends_at=now + 9999, delay_seconds=5))

    assert sum(clock) == 30 * 60 + GRACE
    assert now < event.payload["since"] < now + 30 * 60
    assert max(clock) <= 60 + GRACE, "it reads the Variable once a minute"


def test_the_trigger_ends_with_the_shift(clock: list[float]) -> None:
    now = NOON.timestamp()

    first_event(DeadlineTrigger("hybrid_dispatcher", since=now, ends_at=now + 100))

    assert sum(clock) == 100


def test_while_the_variable_is_wrong_the_trigger_waits_and_loses_no_deadline(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, good = NOON.timestamp(), waiting._first_deadline

    def read(variable: str, since: float, until: float) -> float | None:
        if sum(clock) < 40 * 60:
            monkeypatch.setenv("AIRFLOW_VAR_HYBRID_DISPATCHER", "{")
        else:
            expect(monkeypatch, {"by": "12:30"})
        return good(variable, since, until)

    monkeypatch.setattr(waiting, "_first_deadline", read)

    first_event(DeadlineTrigger("hybrid_dispatcher", since=now, ends_at=now + 9999))

    assert sum(clock) == 40 * 60


def test_a_deadline_that_had_passed_when_the_expectation_was_written_is_not_looked_at(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, real = NOON.timestamp(), waiting._first_deadline

    def read(variable: str, since: float, until: float) -> float | None:
        expect(monkeypatch, {"by": "12:30" if sum(clock) > 35 * 60 else "23:00"})
        return real(variable, since, until)

    monkeypatch.setattr(waiting, "_first_deadline", read)

    event = first_event(DeadlineTrigger("hybrid_dispatcher", since=now, ends_at=now + 9999))

    assert sum(clock) == 9999
    assert event.payload["since"] > now + 9000


def test_the_trigger_is_made_again_from_what_it_serializes() -> None:
    path, arguments = DeadlineTrigger("orders", 1.5, 2.5, 3).serialize()

    assert path == "airflow_provider_hybrid.triggers.deadline.DeadlineTrigger"
    assert DeadlineTrigger(**json.loads(json.dumps(arguments))).serialize() == (path, arguments)
