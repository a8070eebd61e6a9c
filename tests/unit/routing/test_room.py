"""How much of a batch there is room for."""

from __future__ import annotations

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.room import Room, fill


def asking(name: str, *run_ids: str, max_events: int | None = None) -> Delivery:
    launches = (Launch("r", "dag", run_id, {}, "", max_events) for run_id in run_ids)
    return Delivery(Message(name, "{}"), tuple(launches))


def names(deliveries: list[Delivery]) -> str:
    return "".join(delivery.message.message_id for delivery in deliveries)


@pytest.mark.parametrize(
    ("queued", "runs"),
    [({}, 10), ({"a": 4}, 6), ({"a": 2, "b": 3}, 5), ({"a": 2, "b": 4}, 0), ({"a": 99}, 0)],
)
def test_there_is_room_to_the_limit_while_at_most_half_is_full(queued: dict[str, int], runs: int) -> None:
    assert Room(queued, 10).runs == runs


@pytest.mark.parametrize("limit", [2, 3])
def test_the_smallest_limits_let_something_through(limit: int) -> None:
    assert Room({"a": 1}, limit).runs >= 1


def test_it_says_who_holds_the_runs() -> None:
    text = str(Room({"a": 7, "b": 0, "c": 20} | {f"d{number}": 1 for number in range(6)}, 40))

    assert "33 runs are queued (c: 20, a: 7, d0: 1, d1: 1, d2: 1 and 3 DAG(s) with fewer)" in text
    assert "40" in text
    assert "paused" in text


@pytest.mark.parametrize(("queued", "fits"), [(0, "abcd"), (7, ""), (4, "abc"), (5, "ab")])
def test_the_longest_beginning_that_fits_goes_through(queued: int, fits: str) -> None:
    batch = [asking("a", "1", "2"), asking("b", "3", "4", "5"), asking("c", "6"), asking("d", "7")]

    fitting, surplus = fill(Room({"dag": queued}, 10), batch)

    assert (names(fitting), names(surplus)) == (fits, "abcd".removeprefix(fits))


def test_a_later_message_that_would_fit_does_not_overtake() -> None:
    fitting, surplus = fill(Room({}, 3), [asking("a", "1", "2"), asking("b", "3", "4"), asking("c", "5")])

    assert (names(fitting), names(surplus)) == ("a", "bc")


def test_a_run_that_two_messages_ask_for_counts_once() -> None:
    fitting, _ = fill(Room({}, 2), [asking("a", "1"), asking("b", "1"), asking("c", "2"), asking("d", "3")])

    assert names(fitting) == "abc"


def test_events_that_become_one_run_count_once() -> None:
    batch = [asking(name, name, max_events=3) for name in "abcdefgh"]

    fitting, surplus = fill(Room({}, 2), batch)

    assert (names(fitting), names(surplus)) == ("abcdef", "gh")


def test_a_message_that_is_larger_than_any_room_goes_through_alone() -> None:
    giant = asking("a", *map(str, range(11)))

    assert names(fill(Room({"dag": 5}, 10), [giant, asking("b", "x")])[0]) == "a"
    assert names(fill(Room({"dag": 6}, 10), [giant, asking("b", "x")])[0]) == "", "but not into a full house"


def test_messages_without_a_run_need_no_room() -> None:
    rubbish = Delivery(Message("r", "rubbish"), rejection=Rejection("MessageParseError", "no JSON"))

    assert names(fill(Room({"dag": 10}, 10), [rubbish, rubbish, asking("a", "1"), rubbish])[0]) == "rr"


def test_nothing_is_nothing() -> None:
    assert fill(Room({}, 10), []) == ([], [])
