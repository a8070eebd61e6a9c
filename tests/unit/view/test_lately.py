"""What a dispatcher has done lately."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from airflow.utils.session import create_session

from airflow_provider_hybrid.record.line import Line
from airflow_provider_hybrid.view.lately import PARTS, Lately, lately
from tests.harness.metadata import Record

NOW = datetime.now(tz=timezone.utc)
AN_HOUR_AGO = NOW - timedelta(hours=1)


@pytest.fixture
def record(airflow_database: None) -> Record:
    return Record("orders", "files")


def look(dag_id: str) -> Lately:
    with create_session() as session:
        return lately(session, dag_id, AN_HOUR_AGO)


def test_it_counts_outcomes_and_tells_how_long_messages_took(record: Record) -> None:
    delays = [*range(1, 100), 200]
    lines = [Line(f"m-{delay}", "started", NOW.timestamp(), NOW.timestamp() - delay) for delay in delays]
    record.write("orders", [*lines, Line("m-x", "rejected", 1.0)], NOW)
    record.write("orders", [Line("m-y", "started", 2e9, 1.0)], NOW - timedelta(hours=2))
    record.write("files", [Line("m-z", "started", 2e9, 1.0)], NOW)

    found = look("orders")

    assert found.outcomes == {"started": 100, "existed": 0, "unmatched": 0, "rejected": 1, "waiting": 0}
    assert found.median == pytest.approx(50.5, abs=0.6)
    assert found.p95 == pytest.approx(95, abs=1.1)


def test_one_message_is_its_own_median(record: Record) -> None:
    record.write("orders", [Line("m", "started", 10.0, 8.5)], NOW)

    found = look("orders")

    assert (found.median, found.p95) == (1.5, 1.5)


def test_where_nothing_came_there_is_no_median(record: Record) -> None:
    found = look("orders")

    assert not any(found.outcomes.values())
    assert (found.median, found.p95) == (None, None)


def test_it_counts_outcomes_over_time(record: Record) -> None:
    """Also of a worker whose clock is ahead: its lines are part of the end."""
    now = datetime.now(tz=timezone.utc)
    minutes_ago = {59: "started", 31: "rejected", 29: "waiting", -1: "started"}
    for minutes, outcome in minutes_ago.items():
        record.write("orders", [Line("m", outcome, 10.0, 8.5)] * 2, now - timedelta(minutes=minutes))  # type: ignore

    with create_session() as session:
        found = lately(session, "orders", now - timedelta(hours=1))

    filled = {number: part.outcomes for number, part in enumerate(found.parts) if part.total}
    assert filled == {0: {"started": 2}, 14: {"rejected": 2}, 15: {"waiting": 2}, PARTS - 1: {"started": 2}}
    assert found.outcomes["started"] == 4
    assert found.parts[0].begin == pytest.approx((now - timedelta(hours=1)).timestamp())
    assert found.parts[-1].end == pytest.approx(now.timestamp(), abs=60)
    assert all(one.end == pytest.approx(other.begin) for one, other in pairwise(found.parts))
