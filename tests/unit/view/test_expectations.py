"""What people see of expectations, by Airflow's database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from airflow.models.dagrun import DagRun
from airflow.utils.session import create_session

from airflow_provider_hybrid.config.expect import days_in
from airflow_provider_hybrid.routing.expectation import Expectation
from airflow_provider_hybrid.view.expectations import DeadlineView, expectations_of

DAG = "hybrid_expectations"
ORDERS = Expectation("orders", DAG, "partner_a", time(7), ZoneInfo("Europe/Paris"), days_in("mon-fri"), "o/*")
NOON = datetime(2026, 11, 27, 12, tzinfo=timezone.utc).timestamp()
"""A Friday. The last deadline was at 6:00 UTC, the next one is on Monday."""

LAST, NEXT = "orders__2026-11-27T07:00", "orders__2026-11-30T07:00"


@pytest.fixture
def session(airflow_database: None) -> Iterator[Any]:
    with create_session() as session:
        yield session


@pytest.fixture
def run(session: Any) -> Callable[..., None]:
    """Store a run with a state."""

    def store(run_id: str, state: str, dag_id: str = DAG) -> None:
        session.add(DagRun(dag_id=dag_id, run_id=run_id, run_type="operator_triggered", state=state))
        session.flush()

    return store


def deadlines(session: Any) -> tuple[DeadlineView, DeadlineView]:
    (found,) = expectations_of(session, [ORDERS], NOON)
    assert found.last
    assert found.next
    return found.last, found.next


def test_it_names_what_is_expected_and_its_deadlines(session: Any) -> None:
    (found,) = expectations_of(session, [ORDERS], NOON)
    last, coming = deadlines(session)

    assert (found.name, found.route, found.by, found.subject) == (
        "orders",
        "partner_a",
        "07:00 Europe/Paris",
        "o/*",
    )
    assert (last.run_id, coming.run_id, last.dag_id) == (LAST, NEXT, DAG)
    assert datetime.fromtimestamp(coming.moment, tz=timezone.utc).isoformat() == "2026-11-30T06:00:00+00:00"


@pytest.mark.parametrize(
    ("state", "seen"),
    [("success", "came"), ("failed", "missing"), ("queued", "unknown"), ("running", "unknown")],
)
def test_the_run_of_the_last_deadline_says_whether_an_event_came(
    session: Any, run: Any, state: str, seen: str
) -> None:
    run(LAST, state)

    assert deadlines(session)[0].state == seen


def test_a_second_run_says_that_it_came_late(session: Any, run: Any) -> None:
    run(LAST, "running")
    run(f"{LAST}~late", "success")

    assert deadlines(session)[0].state == "came late"


def test_without_a_run_nobody_has_looked(session: Any, run: Any) -> None:
    run(LAST, "success", dag_id="another")

    assert [deadline.state for deadline in deadlines(session)] == ["unknown", "awaited"]


def test_an_event_may_have_come_for_a_deadline_that_is_still_to_come(session: Any, run: Any) -> None:
    run(NEXT, "success")

    assert deadlines(session)[1].state == "came"


def test_without_expectations_there_is_nothing_to_see(session: Any) -> None:
    assert expectations_of(session, [], NOON) == []
