"""Going through a queue once, and leaving it as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_hybrid.sqs.counts import ATTRIBUTES
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding, hold
from tests.harness.receiving import hold_without_waiting

Counts = Callable[[str], tuple[int, int]]


@pytest.fixture(autouse=True)
def _moto_needs_no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_without_waiting(monkeypatch)


def fill(sqs: Any, queue_url: str, number: int) -> None:
    for start in range(0, number, 10):
        entries = [{"Id": str(n), "MessageBody": str(n)} for n in range(start, min(number, start + 10))]
        sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)


def bodies(holding: Holding) -> list[str]:
    return [message.body for received in holding.read() for message in received]


def test_every_message_is_seen_once_and_is_there_again(sqs: Any, queue_url: str, counts: Counts) -> None:
    fill(sqs, queue_url, 123)

    with hold(sqs, queue_url, "events") as holding:
        seen = bodies(holding)
        assert counts(queue_url) == (0, 123), "held"

    assert sorted(map(int, seen)) == list(range(123))
    assert counts(queue_url) == (123, 0)


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit, ValueError])
def test_whatever_ends_it_the_messages_are_given_back(
    sqs: Any, queue_url: str, counts: Counts, end: type[BaseException]
) -> None:
    fill(sqs, queue_url, 23)

    def interrupted() -> None:
        with hold(sqs, queue_url, "events") as holding:
            next(holding.read())
            raise end

    with pytest.raises(end):
        interrupted()

    assert counts(queue_url) == (23, 0)


def test_what_is_deleted_meanwhile_is_not_given_back(sqs: Any, queue_url: str) -> None:
    fill(sqs, queue_url, 2)
    given_back: list[str] = []

    class Client:
        get_queue_attributes, receive_message = sqs.get_queue_attributes, sqs.receive_message

        def change_message_visibility_batch(self, QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
            given_back.extend(entry["ReceiptHandle"] for entry in Entries)
            return {}

    with hold(Client(), queue_url, "events") as holding:
        gone, kept = [message for received in holding.read() for message in received]
        holding.forget(gone)

    assert given_back == [kept.receipt_handle]


class Scripted:
    """An SQS that gives these answers, and then no more messages."""

    def __init__(self, visible: int, *answers: list[str]) -> None:
        self.visible = visible
        self.answers = list(answers)
        self.visibility_timeouts: set[int] = set()

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        return {"Attributes": dict(zip(ATTRIBUTES, (str(self.visible), "4", "0"), strict=True))}

    def receive_message(self, VisibilityTimeout: int, **_: Any) -> dict[str, Any]:  # noqa: N803
        self.visibility_timeouts.add(VisibilityTimeout)
        names = self.answers.pop(0) if self.answers else []
        return {"Messages": [{"MessageId": n, "Body": n, "ReceiptHandle": n} for n in names]} if names else {}

    def change_message_visibility_batch(self, **_: Any) -> dict[str, Any]:
        return {}


def test_one_empty_answer_is_not_the_end() -> None:
    client = Scripted(3, ["a"], [], ["b"], [], [], ["never asked for"])

    with hold(client, "https://sqs/1/dead", "events") as holding:
        assert bodies(holding) == ["a", "b"]


def test_a_message_that_sqs_hands_out_twice_is_seen_once() -> None:
    client = Scripted(3, ["a", "b"], ["b", "c"], ["a"], ["d"])

    with hold(client, "https://sqs/1/dead", "events") as holding:
        assert bodies(holding) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(("visible", "at_least", "at_most"), [(1, 60, 150), (10_000, 1_000, 2_000)])
def test_the_more_there_are_the_longer_they_are_held(visible: int, at_least: int, at_most: int) -> None:
    client = Scripted(visible)

    with hold(client, "https://sqs/1/dead", "events") as holding:
        list(holding.read())

    (seconds,) = client.visibility_timeouts
    assert at_least <= seconds <= at_most


def test_those_of_a_short_look_come_back_soon_after_a_crash_however_many_more_there_are() -> None:
    client = Scripted(1_000_000)

    with hold(client, "https://sqs/1/events", "events", 100) as holding:
        list(holding.read())

    (seconds,) = client.visibility_timeouts
    assert seconds <= 150


def test_it_knows_how_many_others_hold() -> None:
    with hold(Scripted(0), "https://sqs/1/dead", "events") as holding:
        assert holding.in_flight == 4


@pytest.mark.parametrize(("url", "unseen"), [("https://sqs/1/dead.fifo", 5), ("https://sqs/1/dead", 0)])
def test_it_knows_how_many_wait_behind_others_of_their_group(url: str, unseen: int) -> None:
    with hold(Scripted(7, ["a", "b"]), url, "events") as holding:
        list(holding.read())

        assert holding.unseen == unseen
