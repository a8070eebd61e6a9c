"""The kinds of events, and the routes that are proposed for them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_hybrid.cli.suggest.kinds import sort_by_kind
from airflow_provider_hybrid.cli.suggest.proposal import propose
from airflow_provider_hybrid.cli.suggest.written import as_written
from airflow_provider_hybrid.config.route import RouteConfig
from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.patterns.pattern import EventPattern


def upload(key: str, bucket: str = "b", **thing: Any) -> Event:
    return Event(
        "1", "aws.s3", {"bucket": {"name": bucket}, "object": {"key": key, **thing}}, "Object Created"
    )


def places(*keys: str) -> list[str]:
    return sorted(str(kind.place) for kind in sort_by_kind(map(upload, keys)))


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (["a.csv", "b.csv"], ["s3://b/*.csv"]),
        (["a.csv", "a.json"], ["s3://b/*.csv", "s3://b/*.json"]),
        (["orders/2026-11-22/a.csv", "orders/2026-11-23/b.csv"], ["s3://b/orders/*.csv"]),
        (["orders/20261122/a.csv"], ["s3://b/orders/*.csv"]),
        (["orders/dt=2026-11-22/hour=03/a.parquet"], ["s3://b/orders/*.parquet"]),
        (["orders/7/a.csv", "orders/8/a.csv"], ["s3://b/orders/*.csv"]),
        (["v2/orders/a.csv"], ["s3://b/v2/orders/*.csv"]),
        (["orders/0b6dc1a7-5ad2-4b0e-8f3b-1f6f9a3c2d4e/x"], ["s3://b/orders/*"]),
        (["a/x.csv.gz", "a/y.tar.gz"], ["s3://b/a/*.csv.gz", "s3://b/a/*.tar.gz"]),
        (["a/.hidden", "a/noext", "a/x.2026"], ["s3://b/a/*"]),
        (["orders/", "orders/2026-11-22/"], ["s3://b/orders/"]),
        ([f"{name}/a.csv" for name in ("de", "fr", "it")], [f"s3://b/{n}/*.csv" for n in ("de", "fr", "it")]),
        ([f"{name}/a.csv" for name in "abcd"], ["s3://b/*.csv"]),
        ([f"in/{name}/x/a.csv" for name in "abcd"], ["s3://b/in/*.csv"]),
    ],
)
def test_uploads_are_one_kind_by_folder_and_suffix(keys: list[str], found: list[str]) -> None:
    assert places(*keys) == found


def test_the_most_frequent_kind_comes_first() -> None:
    kinds = sort_by_kind([upload("a.csv"), Event("1", "shop", {}), upload("b.csv")])

    assert [len(events) for events in kinds.values()] == [2, 1]


def test_a_route_that_no_empty_folder_wakes_is_proposed_where_no_suffix_tells_them_apart() -> None:
    ((kind, events),) = sort_by_kind([upload("in/a", size=7)]).items()

    route = propose(kind, events, ())

    assert route
    pattern = EventPattern(route["event_pattern"])
    assert pattern.matches(upload("in/b", size=1).as_dict())
    assert not pattern.matches(upload("in/", size=0).as_dict())


texts = st.text(min_size=1, max_size=20)
keys = st.lists(
    st.sampled_from(["orders", "2026-11-22", "*", "\\", "é", "a.csv", "x.csv.gz", "", "7"]), min_size=1
)
uploads = st.builds(
    lambda parts, bucket, size: upload("/".join(parts), bucket, size=size),
    keys,
    texts,
    st.integers(min_value=0, max_value=9),
)
others = st.builds(
    lambda source, detail_type: Event("1", source, {"x": 1}, detail_type), texts, st.none() | texts
)


@given(st.lists(uploads | others, min_size=1, max_size=12))
def test_each_proposal_is_valid_has_a_name_of_its_own_and_wants_all_events_of_its_kind(
    events: list[Event],
) -> None:
    taken: set[str] = set()
    kinds = sort_by_kind(events)
    for kind, alike in kinds.items():
        route = propose(kind, alike, taken)
        if route is None:
            continue
        assert RouteConfig.model_validate(route).name not in taken
        taken.add(route["name"])
        pattern = EventPattern(route["event_pattern"])
        assert all(pattern.matches(event.as_dict()) for event in alike)
    assert sorted(event.id for found in kinds.values() for event in found) == sorted(
        event.id for event in events
    )


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=30), inner, max_size=5),
)


@given(values)
def test_json_as_people_write_it_is_the_same_json_and_steers_no_terminal(value: Any) -> None:
    text = as_written(value)

    assert json.loads(text) == value
    assert text.replace("\n", "").isprintable()


def test_what_is_short_stands_on_one_line() -> None:
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {"object": {"size": [7]}}}

    assert as_written({"name": "uploads", "event_pattern": pattern}) == (
        '{\n  "name": "uploads",\n  "event_pattern": {\n    "source": ["aws.s3"],\n'
        '    "detail-type": ["Object Created"],\n    "detail": {"object": {"size": [7]}}\n  }\n}'
    )
