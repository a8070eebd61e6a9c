"""What a watching trigger remembers of the messages that it received."""

from __future__ import annotations

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.triggers.event import MAX_BYTES
from airflow_provider_hybrid.triggers.handover import LONGEST_REMINDER, REMIND, Handover

FIRST, SECOND, THIRD = Message("m-1", "{}"), Message("m-2", "{}"), Message("m-3", "{}")
HANDED_OVER_AT = 1000.0


@pytest.fixture
def handover() -> Handover:
    """One batch under way since 0 seconds, after 7 runs; a message that came at 3 is held."""
    handover = Handover(visibility_timeout=30)
    handover.hold([FIRST], now=0)
    handover.counted(7)
    handover.hand_over(HANDED_OVER_AT, now=0)
    handover.hold([SECOND], now=3)
    return handover


@pytest.mark.parametrize(("up_to", "is_under_way"), [(0.0, True), (999.9, True), (1000.0, False)])
def test_a_batch_is_under_way_until_a_run_took_it(
    handover: Handover, up_to: float, is_under_way: bool
) -> None:
    handover.taken(up_to)

    assert handover.is_under_way is is_under_way
    assert handover.held == [SECOND], "the next batch"


def test_all_that_is_held_is_the_next_batch(handover: Handover) -> None:
    handover.taken(HANDED_OVER_AT)
    handover.hand_over(HANDED_OVER_AT + 5, now=5)

    assert handover.held == []
    handover.taken(HANDED_OVER_AT)
    assert handover.is_under_way, "what was taken is the batch before"


@pytest.mark.parametrize(("runs", "may_go_on"), [(6, False), (7, False), (8, True), (9, True)])
def test_the_next_batch_may_go_once_there_is_one_run_more(
    handover: Handover, runs: int, may_go_on: bool
) -> None:
    handover.counted(runs)

    assert handover.may_go_on is may_go_on
    assert handover.is_under_way, "no task has taken it"


@pytest.mark.parametrize(("before", "after"), [(None, 8), (7, None), (None, None)])
def test_the_next_batch_may_go_once_the_last_is_taken_if_runs_cannot_be_counted(
    before: int | None, after: int | None
) -> None:
    handover = Handover(visibility_timeout=30)
    handover.hold([FIRST], now=0)
    handover.counted(before)
    handover.hand_over(HANDED_OVER_AT, now=0)

    handover.counted(after)
    assert not handover.may_go_on
    handover.taken(HANDED_OVER_AT)
    assert handover.may_go_on


def test_one_batch_waits_for_a_worker_beside_the_one_that_airflow_starts_a_run_for(
    handover: Handover,
) -> None:
    handover.counted(8)
    handover.hand_over(HANDED_OVER_AT + 5, now=5)
    handover.counted(9)
    assert not handover.may_go_on, "both have a run, and no worker"

    handover.taken(HANDED_OVER_AT)
    assert handover.may_go_on
    assert handover.is_under_way, "the second"


def test_that_an_earlier_batch_has_a_run_does_not_tell_of_the_next(handover: Handover) -> None:
    handover.counted(8)
    handover.hand_over(HANDED_OVER_AT + 5, now=5)

    handover.taken(HANDED_OVER_AT)
    assert not handover.may_go_on


def test_all_that_no_run_took_is_renewed(handover: Handover) -> None:
    handover.counted(8)
    handover.hand_over(HANDED_OVER_AT + 5, now=5)
    handover.hold([THIRD], now=6)
    assert handover.to_renew(10) == [FIRST, SECOND, THIRD]

    handover.taken(HANDED_OVER_AT)
    assert handover.to_renew(20) == [SECOND, THIRD]


def test_what_no_run_took_is_renewed_three_times_within_a_visibility_timeout(handover: Handover) -> None:
    due = {now: handover.to_renew(now) for now in (9, 10, 12, 19, 20)}

    assert due == {9: [], 10: [FIRST, SECOND], 12: [], 19: [], 20: [FIRST, SECOND]}


def test_what_a_run_took_is_not_renewed(handover: Handover) -> None:
    handover.taken(HANDED_OVER_AT)

    assert handover.to_renew(10) == [SECOND]


def test_after_a_quiet_time_nothing_is_renewed_at_once() -> None:
    handover = Handover(visibility_timeout=30)
    handover.hold([FIRST], now=500)

    assert handover.to_renew(501) == []


def test_an_airflow_that_takes_nothing_is_reminded_less_and_less_often(handover: Handover) -> None:
    reminded = [now for now in range(400) if handover.wants_reminder(now)]

    pauses = [later - earlier for earlier, later in zip([0, *reminded], reminded, strict=False)]
    assert pauses[:4] == [REMIND, 2 * REMIND, 4 * REMIND, 8 * REMIND]
    assert set(pauses[4:]) == {LONGEST_REMINDER}


@pytest.mark.parametrize(("now", "seconds"), [(0.0, 0.1), (1.0, 0.1), (5.0, 0.5), (10.0, 1.0), (3600.0, 1.0)])
def test_the_longer_airflow_takes_the_less_often_it_is_asked(
    handover: Handover, now: float, seconds: float
) -> None:
    assert handover.next_look(now) == seconds


def test_with_nothing_under_way_nobody_is_reminded(handover: Handover) -> None:
    handover.taken(HANDED_OVER_AT)

    assert not handover.wants_reminder(1000)


def test_a_batch_is_full_by_number_or_by_size() -> None:
    handover = Handover(visibility_timeout=30)
    handover.hold([FIRST, SECOND], now=0)

    assert not handover.is_full(3)
    assert handover.is_full(2)
    handover.hold([Message("m-3", "x" * MAX_BYTES)], now=0)
    assert handover.is_full(500)
