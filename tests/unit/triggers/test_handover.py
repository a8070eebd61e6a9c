"""What a watching trigger remembers of the batches that it handed over."""

from __future__ import annotations

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.triggers.handover import LONGEST_REMINDER, MAX_BATCHES, REMIND, Handover

FIRST, SECOND = Message("m-1", "{}"), Message("m-2", "{}")


@pytest.fixture
def handover() -> Handover:
    """Two batches, handed over at 0 and at 3 seconds."""
    handover = Handover()
    handover.add([FIRST], received_at=1000.0, now=0)
    handover.add([SECOND], received_at=1003.0, now=3)
    return handover


@pytest.mark.parametrize(
    ("up_to", "left"), [(0.0, [FIRST, SECOND]), (1000.0, [SECOND]), (1002.9, [SECOND]), (1003.0, [])]
)
def test_what_a_run_took_is_forgotten(handover: Handover, up_to: float, left: list[Message]) -> None:
    handover.taken(up_to)

    assert [message for batch in handover.batches for message in batch.messages] == left


def test_each_batch_is_renewed_three_times_within_its_visibility_timeout(handover: Handover) -> None:
    due = {now: handover.to_renew(now, visibility_timeout=30) for now in (9, 10, 12, 13, 20, 23)}

    assert due == {9: [], 10: [FIRST], 12: [], 13: [SECOND], 20: [FIRST], 23: [SECOND]}


def test_airflow_is_reminded_a_while_after_the_last_batch(handover: Handover) -> None:
    assert not handover.wants_reminder(3 + REMIND - 0.1)
    assert handover.wants_reminder(3 + REMIND)


def test_with_nothing_to_take_nobody_is_reminded(handover: Handover) -> None:
    handover.taken(1003.0)

    assert not handover.wants_reminder(1000)


def test_an_airflow_that_takes_nothing_is_reminded_less_and_less_often(handover: Handover) -> None:
    reminded = [now for now in range(3, 400) if handover.wants_reminder(now)]

    pauses = [later - earlier for earlier, later in zip([3, *reminded], reminded, strict=False)]
    assert pauses[:4] == [REMIND, 2 * REMIND, 4 * REMIND, 8 * REMIND]
    assert set(pauses[4:]) == {LONGEST_REMINDER}


def test_once_it_takes_something_it_is_reminded_of_the_rest_soon_again(handover: Handover) -> None:
    last = [now for now in range(3, 100) if handover.wants_reminder(now)][-1]

    handover.taken(1000.0)

    assert handover.wants_reminder(last + REMIND)


def test_it_is_full_until_something_is_taken() -> None:
    handover = Handover()
    for number in range(MAX_BATCHES):
        assert not handover.is_full
        handover.add([FIRST], received_at=number, now=number)

    assert handover.is_full
    handover.taken(0)
    assert not handover.is_full
