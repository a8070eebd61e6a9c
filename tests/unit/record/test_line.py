"""The form of a line: how it is stored, and under which key."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.record.line import OUTCOMES, Line, RunLine, by_key, key_at
from airflow_provider_hybrid.routing.miss import Miss

TEXT = st.text(max_size=20)
TIME = st.none() | st.floats(1, 2e9)
HEADLINES = st.builds(Headline, id=TEXT, source=TEXT, detail_type=st.none() | TEXT, subject=TEXT)
RUNS = st.builds(RunLine, route=TEXT, dag_id=TEXT, run_id=TEXT, event_id=st.none() | TEXT)
LINES = st.builds(
    Line,
    message_id=TEXT,
    outcome=st.sampled_from(OUTCOMES),
    settled_at=st.floats(1, 2e9),
    sent_at=TIME,
    received_at=TIME,
    receive_count=st.integers(1, 1000),
    reason=TEXT,
    returns_at=TIME,
    dead_lettered=st.booleans(),
    events=st.lists(HEADLINES, max_size=3).map(tuple),
    runs=st.lists(RUNS, max_size=3).map(tuple),
    misses=st.lists(st.builds(Miss, event_id=TEXT, route=TEXT, condition=TEXT), max_size=3).map(tuple),
)


@given(LINES)
def test_what_is_stored_is_read_back(line: Line) -> None:
    assert Line.from_dict(json.loads(json.dumps(line.as_dict()))) == line


def test_what_is_empty_takes_no_space() -> None:
    line = Line("m-1", "unmatched", 1.5, reason="it holds no event")

    assert line.as_dict() == {
        "message_id": "m-1",
        "outcome": "unmatched",
        "settled_at": 1.5,
        "reason": "it holds no event",
    }


@given(st.floats(0, 4e9), st.floats(0, 4e9))
def test_keys_have_the_order_of_time(one: float, other: float) -> None:
    first, second = sorted((one, other))

    assert key_at("started", first) <= key_at("started", second)


def test_each_outcome_has_a_key_of_its_own() -> None:
    lines = [Line(f"m-{number}", outcome, 1.0) for number, outcome in enumerate((*OUTCOMES, *OUTCOMES))]

    found = by_key(lines, 1764374400.25)

    assert sorted(found) == [
        f"hybrid_record_{outcome}_2025-11-29T00:00:00.250000_2" for outcome in sorted(OUTCOMES)
    ]
    assert {len(written) for written in found.values()} == {2}
