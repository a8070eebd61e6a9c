"""Settling messages: deleted, dead-lettered, or back to the queue."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from airflow_provider_hybrid.dispatch import settle
from airflow_provider_hybrid.dispatch.settle import (
    LONGEST_WAIT,
    Settlement,
    pause_before_return,
    pause_to_wait,
)
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.sqs.client import open_client
from airflow_provider_hybrid.sqs.queue import Queue
from tests.harness.proxy import Proxy
from tests.harness.receiving import receive
from tests.harness.redriving import redrive

Counts = Callable[[str], tuple[int, int]]
REJECTION = Rejection("MessageParseError", "the body is not JSON")


def messages(sqs: Any, queue_url: str, number: int) -> list[Message]:
    """Send so many messages and receive them."""
    for index in range(number):
        sqs.send_message(QueueUrl=queue_url, MessageBody=f"body {index}")
    return receive(sqs, queue_url, number)


def settlement(queue_url: str, dead_letter_queue_url: str | None = None) -> Settlement:
    """Settle by Airflow's connection."""
    client = open_client(Queue(queue_url))
    return Settlement(lambda: client, Queue(queue_url), dead_letter_queue_url, "scheduled__2026-11-22")


def test_a_finished_message_is_deleted_and_one_that_is_to_be_left_is_not(
    sqs: Any, queue_url: str, counts: Counts
) -> None:
    finished, left = messages(sqs, queue_url, 2)

    unsent = settlement(queue_url).settle([Delivery(finished), Delivery(left, leave=True)])

    assert unsent == {}
    assert counts(queue_url) == (0, 1)


def test_a_rejected_message_is_deleted_once_it_is_a_dead_letter(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, counts: Counts
) -> None:
    (rejected,) = messages(sqs, queue_url, 1)

    unsent = settlement(queue_url, dead_letter_queue_url).settle([Delivery(rejected, rejection=REJECTION)])

    assert unsent == {}
    assert counts(queue_url) == (0, 0)
    (letter,) = receive(sqs, dead_letter_queue_url)
    assert letter.body == rejected.body
    run = letter.message_attributes["HybridDispatcherRun"]["StringValue"]
    assert run == "scheduled__2026-11-22"


@pytest.mark.parametrize("is_there", [True, False])
def test_a_rejected_message_that_is_no_dead_letter_stays_with_the_reason(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, counts: Counts, proxy: Proxy, is_there: bool
) -> None:
    rejected, finished = messages(sqs, queue_url, 2)
    settling = settlement(queue_url, dead_letter_queue_url if is_there else None)

    with proxy.fail("SendMessageBatch", "AccessDenied", 403):
        unsent = settling.settle([Delivery(rejected, rejection=REJECTION), Delivery(finished)])

    assert list(unsent) == [rejected]
    reason = "allow sqs:SendMessage on" if is_there else "there is no dead-letter queue"
    assert reason in unsent[rejected]
    assert counts(queue_url) == (0, 1)


def test_an_sqs_that_deletes_nothing_is_an_error(sqs: Any, queue_url: str, proxy: Proxy) -> None:
    deliveries = [Delivery(message) for message in messages(sqs, queue_url, 1)]

    with (
        proxy.fail("DeleteMessageBatch", "AccessDenied", 403),
        pytest.raises(QueueError, match="allow sqs:DeleteMessage on"),
    ):
        settlement(queue_url).settle(deliveries)


def test_a_message_that_sqs_does_not_delete_is_named(
    sqs: Any, queue_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It comes back, finds its runs, and is deleted then."""
    (message,) = messages(sqs, queue_url, 1)
    stale = replace(message, receipt_handle="no longer good")

    with caplog.at_level(logging.WARNING):
        assert settlement(queue_url).settle([Delivery(stale)]) == {}

    assert f"Message {message.message_id} was not deleted" in caplog.text
    assert "no longer good" not in caplog.text


def test_messages_are_given_back_at_once_or_later(sqs: Any, queue_url: str, counts: Counts) -> None:
    now, later = messages(sqs, queue_url, 2)

    settlement(queue_url).give_back([Delivery(now)], at_once=True)
    settlement(queue_url).give_back([Delivery(later)])

    assert counts(queue_url) == (1, 1)
    assert receive(sqs, queue_url)[0].message_id == now.message_id


def test_a_refused_message_comes_back_in_time_for_a_run_that_is_due_earlier(sqs: Any, queue_url: str) -> None:
    (message,) = messages(sqs, queue_url, 1)
    due = Delivery(message, returns_at=time.time() + 20)

    assert settlement(queue_url).give_back([due]) == {message: 20}


@pytest.mark.parametrize(("received", "seconds"), [(1, 60), (2, 120), (4, 480), (5, 900), (50, 900)])
def test_a_message_comes_back_later_with_each_time(received: int, seconds: int) -> None:
    message = Message("m-1", "", attributes={"ApproximateReceiveCount": str(received)})

    assert pause_before_return(message) == seconds


def test_messages_that_cannot_be_given_back_are_named(
    sqs: Any, queue_url: str, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    (message,) = messages(sqs, queue_url, 1)

    with caplog.at_level(logging.WARNING), proxy.fail("ChangeMessageVisibilityBatch", "AccessDenied", 403):
        settlement(queue_url).give_back([Delivery(message)], at_once=True)

    assert f"Message {message.message_id} comes back when its visibility timeout ends" in caplog.text


def test_nothing_to_settle_asks_for_no_client() -> None:
    def open_no_client() -> NoReturn:
        raise AssertionError("nobody needs it")

    settling = Settlement(open_no_client, Queue("https://sqs/1/events"), None, "")

    assert settling.settle([]) == {}
    settling.give_back([])


@pytest.mark.parametrize(("received", "is_last"), [(4, False), (5, True)])
def test_the_last_chance_is_the_one_before_sqs_moves_a_message(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, received: int, is_last: bool
) -> None:
    redrive(sqs, queue_url, dead_letter_queue_url, 5)
    message = Message("m-1", "body", attributes={"ApproximateReceiveCount": str(received)})

    assert settlement(queue_url).is_last_chance(message) is is_last


def test_without_the_right_to_read_the_redrive_policy_no_chance_is_the_last(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    """The message stays in the queue, and SQS moves it."""
    redrive(sqs, queue_url, dead_letter_queue_url, 5)
    message = Message("m-1", "body", attributes={"ApproximateReceiveCount": "9"})
    settling = settlement(queue_url)

    with caplog.at_level(logging.WARNING), proxy.fail("GetQueueAttributes", "AccessDenied", 403):
        assert not settling.is_last_chance(message)
        assert not settling.is_last_chance(message)

    assert caplog.text.count("The queue's redrive policy is not known") == 1


@pytest.mark.parametrize(("receives", "shortest"), [(1, 60), (4, 480), (100, 900)])
def test_messages_that_wait_come_back_after_growing_pauses_that_differ(receives: int, shortest: int) -> None:
    message = Message("m", "{}", {"ApproximateReceiveCount": str(receives)})

    pauses = {pause_to_wait(message) for _ in range(200)}

    assert shortest <= min(pauses) < max(pauses) <= 2 * shortest
    assert len(pauses) > 20


@pytest.mark.parametrize(("receives", "may_wait"), [(1, True), (3, True), (4, False), (5, False)])
def test_a_message_may_wait_while_it_has_receives_to_spare(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, receives: int, may_wait: bool
) -> None:
    redrive(sqs, queue_url, dead_letter_queue_url, 5)
    message = Message("m", "{}", {"ApproximateReceiveCount": str(receives)})

    assert settlement(queue_url).may_wait(message) is may_wait


def test_without_a_redrive_policy_a_message_may_wait_for_ever(sqs: Any, queue_url: str) -> None:
    assert settlement(queue_url).may_wait(Message("m", "{}", {"ApproximateReceiveCount": "999"}))


def test_without_the_right_to_read_the_redrive_policy_no_message_may_wait(
    sqs: Any, queue_url: str, proxy: Proxy
) -> None:
    with proxy.fail("GetQueueAttributes", "AccessDenied", 403):
        assert not settlement(queue_url).may_wait(Message("m", "{}"))


def late(message: Message, receives: int) -> Delivery:
    """Return a delivery that waits, of a message that was received so often."""
    attributes = {**message.attributes, "ApproximateReceiveCount": str(receives)}
    return Delivery(replace(message, attributes=attributes), waits_for="no room", open_ended=True)


def test_a_message_that_waits_is_replaced_before_sqs_makes_a_dead_letter_of_it(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy has everything by which its events, its attributes and its sender are known."""
    redrive(sqs, queue_url, dead_letter_queue_url, 5)
    tenant = {"tenant": {"DataType": "String", "StringValue": "acme"}}
    sqs.send_message(QueueUrl=queue_url, MessageBody="b", MessageAttributes=tenant, MessageGroupId="g")
    (message,) = receive(sqs, queue_url)
    monkeypatch.setattr(settle, "pause_to_wait", lambda _: 0)

    settlement(queue_url).let_wait([late(message, 4)])

    (copy,) = receive(sqs, queue_url)
    assert copy.message_id != message.message_id
    assert (copy.body, copy.group_id, copy.receive_count) == ("b", "g", 1)
    assert copy.identity == message.identity
    assert copy.message_attributes["tenant"]["StringValue"] == "acme"


def test_a_copy_says_when_the_first_message_was_sent(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows, delays and expectations count from it."""
    redrive(sqs, queue_url, dead_letter_queue_url, 5)
    (message,) = messages(sqs, queue_url, 1)
    long_ago = replace(message, attributes={**message.attributes, "SentTimestamp": "1795390491985"})
    monkeypatch.setattr(settle, "pause_to_wait", lambda _: 0)

    settlement(queue_url).let_wait([late(long_ago, 4)])

    (copy,) = receive(sqs, queue_url)
    assert copy.sent_at == long_ago.sent_at == 1795390491.985


def test_a_message_without_room_for_its_identity_is_not_replaced(
    sqs: Any, queue_url: str, dead_letter_queue_url: str, counts: Counts
) -> None:
    """Its copy would be another event, and start another run."""
    redrive(sqs, queue_url, dead_letter_queue_url, 5)
    own = {f"a{number}": {"DataType": "String", "StringValue": "x"} for number in range(10)}
    sqs.send_message(QueueUrl=queue_url, MessageBody="b", MessageAttributes=own)
    (message,) = receive(sqs, queue_url)

    (pause,) = settlement(queue_url).let_wait([late(message, 4)]).values()

    assert pause == LONGEST_WAIT
    assert counts(queue_url) == (0, 1)


def test_a_message_that_cannot_be_replaced_waits_for_as_long_as_sqs_can_hide_it(
    sqs: Any,
    queue_url: str,
    dead_letter_queue_url: str,
    counts: Counts,
    proxy: Proxy,
    caplog: pytest.LogCaptureFixture,
) -> None:
    redrive(sqs, queue_url, dead_letter_queue_url, 5)
    (message,) = messages(sqs, queue_url, 1)

    with proxy.fail("SendMessageBatch", "AccessDenied", 403):
        (pause,) = settlement(queue_url).let_wait([late(message, 4)]).values()

    assert pause == LONGEST_WAIT
    assert counts(queue_url) == (0, 1)
    assert "allow sqs:SendMessage on" in caplog.text


def test_in_a_fifo_queue_no_copy_loses_its_place(sqs: Any, counts: Counts) -> None:
    url, dead_url = (
        sqs.create_queue(QueueName=f"{name}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        for name in ("orders", "orders-dead")
    )
    redrive(sqs, url, dead_url, 5)
    sqs.send_message(QueueUrl=url, MessageBody="b", MessageGroupId="g", MessageDeduplicationId="d")
    (message,) = receive(sqs, url)

    (pause,) = settlement(url).let_wait([late(message, 4)]).values()

    assert pause == LONGEST_WAIT
    assert counts(url) == (0, 1)


def test_stopped_it_gives_back_at_once_what_waits(sqs: Any, queue_url: str, counts: Counts) -> None:
    waiting = [late(message, 1) for message in messages(sqs, queue_url, 2)]

    settlement(queue_url).let_wait(waiting, at_once=True)

    assert counts(queue_url) == (2, 0)


@pytest.mark.parametrize(("due_in", "expected"), [(20, 20), (600, 90)])
def test_what_waits_for_its_time_and_for_room_comes_back_when_the_first_may_be_there(
    sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch, due_in: int, expected: int
) -> None:
    (message,) = messages(sqs, queue_url, 1)
    monkeypatch.setattr(settle, "pause_to_wait", lambda _: 90)
    both = replace(late(message, 1), returns_at=time.time() + due_in)

    (pause,) = settlement(queue_url).let_wait([both]).values()

    assert expected - 1 <= pause <= expected
