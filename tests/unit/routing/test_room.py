"""The room for further queued runs: of each DAG, and of all together."""

from __future__ import annotations

import sys

import pytest

from airflow_provider_hybrid.routing.room import Room, RouteLimit

TEN_EACH = {"to_a": RouteLimit("a", 10), "to_b": RouteLimit("b", 10)}


@pytest.mark.parametrize(
    ("queued", "runs"),
    [({}, 10), ({"a": 4}, 6), ({"a": 2, "b": 3}, 5), ({"a": 2, "b": 4}, 0), ({"a": 99}, 0)],
)
def test_all_together_have_room_to_the_limit_while_at_most_half_is_full(
    queued: dict[str, int], runs: int
) -> None:
    assert Room(queued, {}, 10).runs == runs


@pytest.mark.parametrize("limit", [2, 3])
def test_the_smallest_limits_let_something_through(limit: int) -> None:
    assert Room({"a": 1}, {}, limit).runs >= 1


@pytest.mark.parametrize(
    ("queued", "runs"),
    [({}, 20), ({"a": 4}, 16), ({"a": 99}, 10), ({"a": 6, "b": 5}, 5), ({"a": 6, "b": 6}, 0)],
)
def test_a_dag_that_is_more_than_half_full_adds_nothing_to_the_room(
    queued: dict[str, int], runs: int
) -> None:
    """Once that holds for all of them, nothing is received: nothing could be launched."""
    assert Room(queued, TEN_EACH).runs == runs


def test_of_two_routes_to_one_dag_the_higher_limit_counts() -> None:
    limits = {"one": RouteLimit("a", 10), "two": RouteLimit("a", 30)}

    assert Room({"a": 12}, limits).runs == 18


@pytest.mark.parametrize(
    "limits",
    [{}, {**TEN_EACH, "free": RouteLimit("c", None)}, {**TEN_EACH, "template": RouteLimit(None, 10)}],
    ids=["no route", "a route without a limit", "a route to a DAG that only an event names"],
)
def test_full_dags_do_not_stop_the_dispatcher_where_an_event_may_want_another(
    limits: dict[str, RouteLimit],
) -> None:
    assert Room({"a": 10, "b": 10}, limits).runs == sys.maxsize


@pytest.mark.parametrize(("added", "is_full"), [(0, False), (1, False), (2, True)])
def test_a_dag_is_full_once_its_runs_and_those_to_be_added_reach_the_limit(added: int, is_full: bool) -> None:
    assert Room({"a": 8}, TEN_EACH).is_full("to_a", "a", added) is is_full


def test_it_says_who_holds_the_runs() -> None:
    text = str(Room({"a": 7, "b": 0, "c": 20} | {f"d{number}": 1 for number in range(6)}, {}, 40))

    assert "33 runs are queued (c: 20, a: 7, d0: 1, d1: 1, d2: 1 and 3 DAG(s) with fewer)" in text
    assert "paused" in text


def test_it_says_which_dags_are_full() -> None:
    text = Room({"a": 10, "b": 12}).why_full({"a", "b"})

    assert "(queued before this batch: b: 12, a: 10). Usually a DAG is paused" in text
