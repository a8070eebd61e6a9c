"""What waits for its time, and for how long."""

from __future__ import annotations

import time

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.delivery import Delivery, dump_deliveries, load_deliveries
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.waiting import (
    GATHERING,
    LONGEST,
    gathered_at,
    receives_for,
    seconds_away,
    split_by_time,
)
from airflow_provider_hybrid.routing.window import Window

NOW = 1_800_000_000.0
WINDOW = Window("a", NOW - 60, NOW)


def launch(route: str, due_in: float, max_events: int | None = None) -> Launch:
    window = WINDOW if max_events else None
    return Launch(route, "dag", f"{route}__1", {}, max_events=max_events, due_at=NOW + due_in, window=window)


def split(*launches: Launch) -> Delivery:
    return split_by_time(Delivery(Message("m-1", "{}"), launches), NOW)


def routes(launches: tuple[Launch, ...]) -> list[str]:
    return [each.route for each in launches]


@pytest.mark.parametrize("due_in", [-1, 0])
def test_what_is_due_waits_for_nothing(due_in: float) -> None:
    delivery = split(launch("a", due_in), launch("b", due_in, max_events=5))

    assert (routes(delivery.launches), delivery.later, delivery.waits_for) == (["a", "b"], (), "")


def test_a_run_of_its_own_does_not_wait_for_another_one() -> None:
    delivery = split(launch("now", 0), launch("soon", 60), launch("later", 90))

    assert routes(delivery.launches) == ["now"]
    assert routes(delivery.later) == ["soon", "later"]
    assert delivery.returns_at == NOW + 60
    assert delivery.waits_for == (
        "the run of route 'soon' is due at 2027-01-15T08:01:00Z; "
        "the run of route 'later' is due at 2027-01-15T08:01:30Z"
    )


def test_a_run_that_events_share_starts_when_all_runs_of_its_messages_are_due() -> None:
    """Else the next delivery would ask for a run with other events, and another id."""
    delivery = split(launch("shared", 0, max_events=5), launch("soon", 60))

    assert routes(delivery.launches) == []
    assert routes(delivery.later) == ["shared", "soon"]
    assert delivery.returns_at == NOW + 60


def test_of_shared_runs_alone_the_last_one_counts() -> None:
    assert split(launch("a", 5, max_events=5), launch("b", 60, max_events=5)).returns_at == NOW + 60


def test_a_message_with_thousands_of_runs_is_split_at_once() -> None:
    """Each comparison of a run with all others would take minutes, and the message come back meanwhile."""
    launches = [launch(f"r-{number}", 60 * (number % 2)) for number in range(6000)]
    begin = time.monotonic()

    delivery = split(*launches)
    full = delivery.put_off([*delivery.launches], "no room")

    assert (len(delivery.launches), len(full.later)) == (3000, 6000)
    assert time.monotonic() - begin < 3


def test_the_reason_names_the_end_of_the_window() -> None:
    assert split(launch("a", 2, max_events=5)).waits_for == (
        "the run of route 'a' is due at 2027-01-15T08:00:02Z, as its window ends at 2027-01-15T08:00:00Z"
    )


def test_it_survives_the_way_to_another_task() -> None:
    delivery = split(launch("now", 0), launch("shared", 60, max_events=5))

    assert load_deliveries(dump_deliveries([delivery])) == [delivery]


@pytest.mark.parametrize(
    ("due_in", "received_ago", "seconds"),
    [
        (59.2, 0, 60),
        (60, 10, 60),
        (-3, 0, 0),
        (2 * LONGEST, 0, LONGEST),
        (2 * LONGEST, 100, LONGEST - 100),
        (60, LONGEST + 5, 0),
    ],
)
def test_a_message_is_away_until_it_is_due_within_the_bounds_of_sqs(
    due_in: float, received_ago: float, seconds: int
) -> None:
    message = Message("m-1", "{}", received_at=NOW - received_ago)

    assert seconds_away(message, NOW + due_in, NOW) == seconds


@pytest.mark.parametrize(("seconds", "receives"), [(0, 1), (60, 2), (LONGEST, 2), (LONGEST + 1, 3)])
def test_each_step_of_a_wait_takes_a_receive(seconds: int, receives: int) -> None:
    assert receives_for(seconds) == receives


@pytest.mark.parametrize(("closed_ago", "waits"), [(0, True), (1, True), (GATHERING, False), (-1, False)])
def test_the_messages_of_a_window_that_closed_just_now_are_waited_for(closed_ago: float, waits: bool) -> None:
    delivery = Delivery(Message("m-1", "{}"), (launch("a", -closed_ago, max_events=5),))

    assert gathered_at([delivery], NOW) == (NOW - closed_ago + GATHERING if waits else None)


def test_nobody_waits_for_others_of_a_run_of_its_own() -> None:
    assert gathered_at([Delivery(Message("m-1", "{}"), (launch("a", 0),))], NOW) is None
