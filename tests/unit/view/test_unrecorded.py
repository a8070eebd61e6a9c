"""Runs that no line of the record names."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from airflow.utils.session import create_session

from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.record.line import Line, RunLine
from airflow_provider_hybrid.record.read import Question, newest
from airflow_provider_hybrid.routing.run_id import run_id
from airflow_provider_hybrid.view.unrecorded import MOST, unrecorded_beside
from tests.harness.dispatching import configure
from tests.harness.metadata import Record, add

NOW = datetime.now(tz=timezone.utc)
KEY = "orders/2026-11-21/orders.csv"
RUN_ID = run_id("eu", "e-0", KEY)
ROUTES = [
    {"name": name, "event_pattern": {"source": ["aws.s3"]}, "trigger_dag_id": "partner_a"}
    for name in ("eu", "eu__north")
]


@pytest.fixture
def record(airflow_database: None, monkeypatch: pytest.MonkeyPatch) -> Record:
    configure(monkeypatch, "http://127.0.0.1:9/1/orders", routes=ROUTES)
    return Record("orders", "files")


def started(made: str = RUN_ID, ago: float = 600, dag_id: str = "partner_a") -> None:
    """Store a run that began so many seconds ago."""
    when = NOW - timedelta(seconds=ago)
    add(DagRun(dag_id=dag_id, run_id=made, run_type="manual", state="failed", run_after=when))


def line(made: str = RUN_ID, ago: float = 599, **fields: Any) -> Line:
    run = RunLine("eu", "partner_a", made, "e-0", "started")
    return Line("m", "started", NOW.timestamp() - ago, runs=(run,), **fields)


def search(
    contains: str | None = KEY,
    *,
    limit: int = 50,
    page: int = 0,
    readable: set[str] | None = None,
    **asked: Any,
) -> list[str]:
    """Return the ids of the runs that are found beside a page of lines."""
    question = Question({"orders"}, NOW - timedelta(days=1), contains=contains, **asked)
    with create_session() as session:
        before = None
        for _ in range(page):
            before = newest(session, question, limit, before)[-1].place
        shown = newest(session, question, limit, before)
        ended = not newest(session, question, 1, shown[-1].place if shown else before)
        found = unrecorded_beside(
            session, question, shown, ["hybrid_dispatcher"], readable, before=before, ended=ended
        )
    return [run.run_id for run in found]


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f"s3://partner-a/{KEY}",
        "/ORDERS.csv",
        RUN_ID,
        RUN_ID[-8:],
        pytest.param("e-0", id="the event's id"),
    ],
)
def test_a_run_without_a_line_is_found_by_its_id(record: Record, text: str) -> None:
    started()
    started(run_id("eu", "e-1", "another.txt"))

    assert search(text) == [RUN_ID]


def test_it_is_found_by_the_events_id_if_run_ids_are_opaque(record: Record) -> None:
    started(run_id("eu", "e-0", ""))

    assert search("e-0") == [run_id("eu", "e-0", "")]
    assert search(KEY) == []


def test_a_run_whose_line_is_shown_is_none(record: Record) -> None:
    started()
    record.write("orders", [line(events=(Headline("e-0", "aws.s3", subject=f"s3://b/{KEY}"),))], NOW)

    assert search() == []


@pytest.mark.parametrize("dispatcher", ["orders", "files"])
def test_a_run_with_a_line_that_the_text_does_not_find_is_none(record: Record, dispatcher: str) -> None:
    """The run's id has the key with other characters; the line may be another dispatcher's."""
    started()
    record.write(dispatcher, [line()], NOW - timedelta(seconds=599))

    assert search() == []


def test_a_run_with_a_line_on_another_page_is_none(record: Record) -> None:
    """The line comes a moment after the run, so a page may end between them."""
    made = [run_id("eu", f"e-{number}", KEY) for number in range(6)]
    for number, one in enumerate(made):
        started(one, ago=100 - 10 * number)
        record.write("orders", [line(one)], NOW - timedelta(seconds=85 - 10 * number))

    assert [search("orders-2026", limit=2, page=page) for page in range(3)] == [[], [], []]


def test_it_is_found_beside_the_lines_of_its_time(record: Record) -> None:
    made = [run_id("eu", f"e-{number}", KEY) for number in range(6)]
    for number, one in enumerate(made):
        started(one, ago=100 - 10 * number)
        if number != 2:
            record.write("orders", [line(one)], NOW - timedelta(seconds=99 - 10 * number))

    assert [search("orders-2026", limit=2, page=page) for page in range(3)] == [[], [made[2]], []]


@pytest.mark.parametrize(
    "other",
    [
        "manual__2026-11-21T10:03:00+00:00_orders-2026-11-21-orders.csv",
        "orders-2026-11-21-orders.csv",
        run_id("us", "e-0", KEY),
    ],
)
def test_a_run_that_no_route_made_is_none(record: Record, other: str) -> None:
    started(other)

    assert search("orders.csv") == []


def test_a_run_of_a_dag_that_no_route_names_is_none(record: Record) -> None:
    started(dag_id="stranger")

    assert search() == []


def test_a_route_may_name_its_dag_by_a_template(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    routes = [{**ROUTES[0], "trigger_dag_id": "{{ event.detail.dag }}"}]
    configure(monkeypatch, "http://127.0.0.1:9/1/orders", routes=routes)
    started(dag_id="any")

    assert search() == [RUN_ID]
    assert search(readable={"any"}) == [RUN_ID]
    assert search(readable={"partner_a"}) == []


def test_the_run_of_a_batch_is_found(record: Record) -> None:
    started(run_id("eu", "e-0\ne-1", "2-events"))

    assert search("2-events") == [run_id("eu", "e-0\ne-1", "2-events")]


def test_a_run_that_the_user_may_not_read_is_none(record: Record) -> None:
    started()

    assert search(readable={"partner_b"}) == []
    assert search(readable={"partner_a"}) == [RUN_ID]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"route": "eu"}, [RUN_ID]),
        ({"route": "eu__north"}, []),
        ({"route": "gone"}, []),
        ({"outcomes": ("started",)}, []),
        ({"contains": None}, []),
        ({"contains": "%"}, []),
    ],
)
def test_the_other_filters_hold(record: Record, asked: dict[str, Any], found: list[str]) -> None:
    started()

    assert search(**asked) == found


def test_a_run_from_before_is_none(record: Record) -> None:
    started(ago=86_401)

    assert search() == []


def test_at_most_some_are_found(record: Record) -> None:
    for number in range(MOST + 5):
        started(run_id("eu", f"e-{number}", KEY), ago=number + 1)

    assert search() == [run_id("eu", f"e-{number}", KEY) for number in range(MOST)]


def test_without_a_configuration_none_is_found(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_HYBRID_DISPATCHER", "rubbish")
    started()

    assert search() == []
