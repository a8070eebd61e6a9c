"""Reading the record from Airflow's database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import chain
from typing import Any

import pytest
from airflow.utils.session import create_session

from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.record.line import Line, Outcome, RunLine, by_key
from airflow_provider_hybrid.record.read import CHUNK, Entry, Question, newest, read_keys
from tests.harness.metadata import Record

NOON = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)
A_DAY = Question({"orders", "files"}, since=NOON - timedelta(days=1))


@pytest.fixture
def record(airflow_database: None) -> Record:
    return Record("orders", "files")


@pytest.fixture
def session() -> Iterator[Any]:
    with create_session() as session:
        yield session


def line(number: int, outcome: Outcome = "started", **fields: Any) -> Line:
    return Line(f"m-{number}", outcome, number, **fields)


def ids(entries: list[Entry]) -> list[str]:
    return [entry.line.message_id for entry in entries]


def test_the_newest_come_first_whatever_became_of_them(record: Record, session: Any) -> None:
    for number, outcome in enumerate(["started", "unmatched", "started", "waiting", "rejected"]):
        record.write("orders", [line(number, outcome)], NOON + timedelta(seconds=number))  # type: ignore

    assert ids(newest(session, A_DAY, 3)) == ["m-4", "m-3", "m-2"]
    assert ids(newest(session, A_DAY, 100)) == ["m-4", "m-3", "m-2", "m-1", "m-0"]


def test_a_line_says_where_it_was_written(record: Record, session: Any) -> None:
    record.write("files", [line(1)], NOON)

    (entry,) = newest(session, A_DAY, 2)

    assert (entry.dag_id, entry.task_id, entry.map_index) == ("files", "listen", -1)
    assert entry.run_id == record.run_ids["files"]
    assert entry.line == line(1)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_page_after_page_shows_every_line_once(record: Record, session: Any, size: int) -> None:
    """Also those that were written together, or at the same moment by two dispatchers."""
    record.write("orders", [line(0), line(1, "existed"), line(2), line(3)], NOON)
    record.write("files", [line(4), line(5)], NOON)
    record.write("files", [line(6)], NOON + timedelta(microseconds=1))

    pages: list[list[str]] = []
    before = None
    while page := newest(session, A_DAY, size, before):
        pages.append(ids(page))
        before = page[-1].place

    shown = [*chain.from_iterable(pages)]
    assert sorted(shown) == [f"m-{number}" for number in range(7)]
    assert shown == ids(newest(session, A_DAY, 100))
    assert all(len(page) == size for page in pages[:-1])


def test_more_rows_than_one_query_fetches(record: Record, session: Any) -> None:
    for number in range(2 * CHUNK + 1):
        record.write("orders", [line(number)], NOON + timedelta(seconds=number))

    assert ids(newest(session, A_DAY, 1000)) == [f"m-{number}" for number in reversed(range(2 * CHUNK + 1))]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"dag_ids": {"files"}}, ["m-3"]),
        ({"dag_ids": {"stranger"}}, []),
        ({"outcomes": ("unmatched", "rejected")}, ["m-2", "m-1"]),
        ({"route": "eu"}, ["m-0"]),
        ({"route": "e"}, []),
        ({"contains": "été 1%.CSV"}, ["m-1"]),
        ({"contains": '"quoted"'}, ["m-2"]),
        ({"contains": "M-3"}, ["m-3"]),
        ({"contains": "eu__in-a.csv"}, ["m-0"]),
        ({"contains": "e-1"}, ["m-1"]),
        ({"contains": "started"}, []),
        ({"contains": "%"}, ["m-1"]),
        ({"until": NOON + timedelta(seconds=2)}, ["m-1", "m-0"]),
        ({"since": NOON + timedelta(seconds=2)}, ["m-3", "m-2"]),
    ],
)
def test_a_question_is_answered(
    record: Record, session: Any, question: dict[str, Any], found: list[str]
) -> None:
    run = RunLine("eu", "partner", "eu__in-a.csv__0", "e-0", "started")
    lines = [
        line(0, events=(Headline("e-0", "aws.s3", subject="s3://b/in/a.csv"),), runs=(run,)),
        line(1, "unmatched", events=(Headline("e-1", "aws.s3", subject="s3://b/été 1%.csv"),)),
        line(2, "rejected", events=(Headline('"quoted"', "shop"),)),
        line(3),
    ]
    for number, written in enumerate(lines):
        record.write("files" if number == 3 else "orders", [written], NOON + timedelta(seconds=number))

    asked = Question(**{"dag_ids": A_DAY.dag_ids, "since": A_DAY.since, **question})

    assert ids(newest(session, asked, 100)) == found


def test_keys_say_how_many_lines_there_are_and_since_when(record: Record, session: Any) -> None:
    record.write("orders", [line(0), line(1), line(2, "waiting")], NOON)
    record.write("files", [line(3)], NOON + timedelta(seconds=0.5))
    record.write("files", [line(4)], NOON - timedelta(days=2))

    found = sorted(
        (key.outcome, key.moment - NOON.timestamp(), key.count) for key in read_keys(session, A_DAY)
    )

    assert found == [("started", 0, 2), ("started", 0.5, 1), ("waiting", 0, 1)]


def test_other_xcoms_are_none_of_its_business(record: Record, session: Any) -> None:
    record.push("orders", "return_value", [{"message_id": "m-9"}])
    record.push("orders", "hybrid_records", 7)

    assert newest(session, A_DAY, 10) == []
    assert by_key([], 0) == {}
