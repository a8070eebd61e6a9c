"""What of a batch there is room for, and what waits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.filling import fill
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.room import Room, RouteLimit
from airflow_provider_hybrid.routing.window import window_of


def launch(dag_id: str, run_id: str, max_events: int | None = None) -> Launch:
    return Launch(f"to_{dag_id}", dag_id, run_id, {}, "", max_events)


def asking(name: str, *launches: Launch, group_id: str | None = None) -> Delivery:
    attributes = {"MessageGroupId": group_id} if group_id else {}
    return Delivery(Message(name, "{}", attributes), launches)


def one_each(names: str, dag_id: str = "dag", group_id: str | None = None) -> list[Delivery]:
    return [asking(name, launch(dag_id, name), group_id=group_id) for name in names]


def room(total: int | None = None, /, limit: int = 10, **queued: int) -> Room:
    limits = {f"to_{dag_id}": RouteLimit(dag_id, limit) for dag_id in ("dag", "other")}
    return Room(queued, limits, total)


def names(deliveries: list[Delivery]) -> str:
    return "".join(delivery.message.message_id for delivery in deliveries)


def test_what_a_dag_has_no_room_for_waits_and_all_others_go_through() -> None:
    batch = [*one_each("abc"), *one_each("xy", "other"), *one_each("d"), *one_each("z", "other")]

    filled = fill(room(dag=8), batch)

    assert (names(filled.fitting), names(filled.waiting), names(filled.surplus)) == ("abxyz", "cd", "")
    assert filled.full == {"dag"}


def test_it_says_for_whom_a_message_waits() -> None:
    (waiting,) = fill(room(dag=10), one_each("a")).waiting

    assert "'max_queued_runs' is reached (queued before this batch: dag: 10)" in waiting.waits_for
    assert [launch.trigger_run_id for launch in waiting.later] == ["a"]
    assert waiting.launches == ()


def test_an_event_for_a_full_dag_starts_its_runs_of_the_others() -> None:
    event = asking("a", launch("dag", "1"), launch("other", "2"))

    (fitting,) = fill(room(dag=10), [event]).fitting

    assert [launch.trigger_dag_id for launch in fitting.launches] == ["other"]
    assert [launch.trigger_dag_id for launch in fitting.later] == ["dag"]
    assert "dag: 10" in fitting.waits_for


def test_what_waits_for_its_time_already_goes_on_waiting_for_it() -> None:
    due = replace(
        asking("a", launch("dag", "1")), later=(launch("other", "2"),), waits_for="its window", returns_at=7.0
    )

    (waiting,) = fill(room(dag=10), [due]).waiting

    assert [launch.trigger_run_id for launch in waiting.later] == ["2", "1"]
    assert waiting.waits_for.startswith("its window; no room: ")
    assert (waiting.returns_at, waiting.open_ended) == (7.0, True)


def test_windows_share_no_run_so_each_counts() -> None:
    windows = [window_of("to_dag", key, 1_800_000_000.0, 5, 0) for key in "abcd"]
    shared = [
        replace(launch("dag", str(number), max_events=9), window=window)
        for number, window in enumerate(windows)
    ]

    filled = fill(room(limit=2), [asking(str(number), one) for number, one in enumerate(shared)])

    assert (names(filled.fitting), names(filled.waiting)) == ("01", "23")


def test_a_run_that_events_share_waits_with_the_run_of_a_full_dag() -> None:
    """The next delivery would make it of other events, with another id: the event would be in two runs."""
    event = asking("a", launch("dag", "1"), launch("other", "2", max_events=9))

    (waiting,) = fill(room(dag=10), [event]).waiting

    assert waiting.launches == ()
    assert [launch.trigger_run_id for launch in waiting.later] == ["1", "2"]


def test_a_message_with_more_runs_than_the_limit_goes_through_once_there_is_any_room() -> None:
    giant = asking("a", *(launch("dag", str(number)) for number in range(11)))

    assert names(fill(room(dag=9), [giant, *one_each("b")]).fitting) == "a"
    assert names(fill(room(dag=10), [giant]).fitting) == "", "but not into a full house"


def test_a_run_that_two_messages_ask_for_counts_once() -> None:
    batch = [asking("a", launch("dag", "1")), asking("b", launch("dag", "1")), *one_each("cd")]

    assert names(fill(room(limit=2), batch).fitting) == "abc"


def test_events_that_become_one_run_count_once() -> None:
    batch = [asking(name, launch("dag", name, max_events=3)) for name in "abcdefgh"]

    filled = fill(room(limit=2), batch)

    assert (names(filled.fitting), names(filled.waiting)) == ("abcdef", "gh")


def test_a_message_that_may_not_wait_goes_through_however_full_its_dag_is() -> None:
    """SQS would move it to the dead-letter queue, only because it waits for room."""
    filled = fill(room(4, dag=99), one_each("ab"), may_wait=lambda message: message.message_id != "a")

    assert (names(filled.fitting), names(filled.surplus)) == ("a", "b")


def test_what_all_together_leave_no_room_for_is_surplus() -> None:
    filled = fill(room(5), [*one_each("abc"), *one_each("xyz", "other")])

    assert (names(filled.fitting), names(filled.surplus)) == ("abcxy", "z")
    assert "'max_queued_runs_total'" in filled.surplus[0].waits_for


@pytest.mark.parametrize("queued", [3, 9])
def test_once_more_than_half_of_all_is_queued_everything_is_surplus(queued: int) -> None:
    assert names(fill(room(5, dag=queued), one_each("ab", "other")).surplus) == "ab"


def test_messages_without_a_run_need_no_room() -> None:
    rubbish = Delivery(Message("r", "rubbish"), rejection=Rejection("MessageParseError", "no JSON"))

    assert names(fill(room(2, dag=99), [rubbish, *one_each("a"), rubbish]).fitting) == "rr"


def test_in_a_fifo_queue_what_waits_holds_back_its_own_message_group() -> None:
    batch = [
        *one_each("a", group_id="g"),
        *one_each("b", "other", group_id="g"),
        *one_each("x", "other", group_id="h"),
    ]

    filled = fill(room(dag=10), batch, ordered=True)

    assert (names(filled.fitting), names(filled.waiting)) == ("x", "ab")
    assert filled.waiting[1].waits_for == "it waits for message a of its message group"


def test_in_a_fifo_queue_a_message_that_waits_for_some_of_its_runs_holds_back_its_group() -> None:
    first = asking("a", launch("dag", "1"), launch("other", "2"), group_id="g")

    filled = fill(room(dag=10), [first, *one_each("b", "other", group_id="g")], ordered=True)

    assert (names(filled.fitting), names(filled.waiting)) == ("a", "b")


def test_nothing_is_nothing() -> None:
    filled = fill(room(), [])

    assert (filled.fitting, filled.waiting, filled.surplus) == ([], [], [])
