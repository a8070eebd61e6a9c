"""From the dead-letter queue back, at any moment of which the process may die."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.sqs.calls import delete_messages
from airflow_provider_hybrid.sqs.dead_letters.send import send_dead_letters
from airflow_provider_hybrid.sqs.dead_letters.send_back import send_back
from tests.harness.fake_sqs import Sqs
from tests.harness.receiving import receive

REJECTION = Rejection("RouteError", "no such field", ("a",))
TENANT = {"tenant": {"DataType": "String", "StringValue": "acme"}}


@pytest.fixture(params=["standard", "fifo"])
def queues(request: pytest.FixtureRequest, sqs: Any) -> tuple[str, str]:
    """Give a queue and its dead-letter queue, of each kind."""
    if request.param == "standard":
        names, attributes = ("orders", "orders-dead"), {}
    else:
        names, attributes = ("orders.fifo", "orders-dead.fifo"), {"FifoQueue": "true"}
    first, second = (sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"] for name in names)
    return first, second


def send(sqs: Any, queue_url: str, body: str, number: int = 0) -> None:
    fifo = {"MessageDeduplicationId": f"d-{number}"} if queue_url.endswith(".fifo") else {}
    sqs.send_message(
        QueueUrl=queue_url, MessageBody=body, MessageAttributes=TENANT, MessageGroupId="g-1", **fifo
    )


def dead_letter(sqs: Any, queues: tuple[str, str]) -> tuple[Message, Message]:
    """Return a message as it was in the queue, and as it is in the dead-letter queue."""
    queue_url, dead_url = queues
    send(sqs, queue_url, '{"order": 7}')
    (message,) = receive(sqs, queue_url)
    send_dead_letters(sqs, dead_url, {message: REJECTION}, "run")
    delete_messages(sqs, queue_url, [message])
    return message, receive(sqs, dead_url)[0]


def test_a_message_comes_back_as_it_was_with_its_id(sqs: Any, queues: tuple[str, str], counts: Any) -> None:
    queue_url, dead_url = queues
    before, dead = dead_letter(sqs, queues)

    (outcome,) = send_back(sqs, dead_url, queue_url, [dead])

    (after,) = receive(sqs, queue_url)
    assert (outcome.message, outcome.done, outcome.fault) == (dead, True, "")
    assert after.message_id != before.message_id
    assert after.body == before.body
    kept = {"HybridMessageId": {"DataType": "String", "StringValue": before.identity}}
    assert after.message_attributes == {**TENANT, **kept}
    assert after.attributes.get("MessageGroupId") == before.attributes.get("MessageGroupId")
    assert counts(dead_url) == (0, 0)


def test_its_event_keeps_its_id_however_often_it_comes_back(sqs: Any, queues: tuple[str, str]) -> None:
    queue_url, dead_url = queues
    before, dead = dead_letter(sqs, queues)

    ids = []
    for _ in range(3):
        list(send_back(sqs, dead_url, queue_url, [dead]))
        (after,) = receive(sqs, queue_url)
        ids += [event.id for event in parse_message(after)]
        send_dead_letters(sqs, dead_url, {after: REJECTION}, "run")
        delete_messages(sqs, queue_url, [after])
        (dead,) = receive(sqs, dead_url)

    assert ids == [event.id for event in parse_message(before)] * 3


def test_killed_between_send_and_delete_it_is_the_same_event_twice(
    sqs: Any, queues: tuple[str, str], counts: Any
) -> None:
    queue_url, dead_url = queues
    before, dead = dead_letter(sqs, queues)

    class DiesBeforeTheDelete:
        send_message_batch = sqs.send_message_batch
        get_queue_attributes = sqs.get_queue_attributes

        def delete_message_batch(self, **_: Any) -> None:
            raise KeyboardInterrupt

    for client in (DiesBeforeTheDelete(), DiesBeforeTheDelete(), sqs):
        try:
            list(send_back(client, dead_url, queue_url, [dead]))
        except KeyboardInterrupt:
            continue

    # A FIFO queue takes the second copy for the first.
    number = 1 if queue_url.endswith(".fifo") else 3
    assert counts(queue_url) == (number, 0)
    copies = receive(sqs, queue_url, number)
    assert {event.id for copy in copies for event in parse_message(copy)} == {before.identity}


def test_what_sqs_does_not_take_stays_a_dead_letter() -> None:
    client = Sqs(unsent={"bad"})
    messages = [Message(f"m-{body}", body, receipt_handle=body) for body in ("good", "bad", "fine")]

    outcomes = {
        outcome.message.body: (outcome.done, outcome.fault)
        for outcome in send_back(client, "https://sqs/1/dead", "https://sqs/1/events", messages)
    }

    assert outcomes == {"good": (True, ""), "bad": (False, "No: "), "fine": (True, "")}
    assert client.deleted == ["good", "fine"]


def test_what_is_sent_and_not_deleted_is_told() -> None:
    client = Sqs(undeleted={"stuck"})
    messages = [Message(f"m-{body}", body, receipt_handle=body) for body in ("stuck", "fine")]

    outcomes = send_back(client, "https://sqs/1/dead", "https://sqs/1/events", messages)

    assert [(outcome.done, outcome.fault) for outcome in outcomes] == [(True, "No: "), (True, "")]


def test_where_nothing_can_be_deleted_no_more_is_sent() -> None:
    client = Sqs(refuses_deletes=True)
    outcomes = []

    with pytest.raises(ClientError):  # noqa: PT012 - the outcomes before it count
        for outcome in send_back(
            client,
            "https://sqs/1/dead",
            "https://sqs/1/events",
            [Message(f"m-{n}", str(n)) for n in range(25)],
        ):
            outcomes.append(outcome)  # noqa: PERF402

    assert len(client.sent) == 10
    assert [(outcome.done, "AccessDenied" in outcome.fault) for outcome in outcomes] == [(True, True)] * 10


def in_group(group: str, body: str) -> Message:
    return Message(f"m-{body}", body, {"MessageGroupId": group}, receipt_handle=body)


def test_a_group_keeps_its_order() -> None:
    client = Sqs()
    messages = [in_group(group, f"{group}{number}") for number in range(3) for group in "abc"]

    list(send_back(client, "https://sqs/1/dead.fifo", "https://sqs/1/events.fifo", messages))

    assert client.batches == [["a0", "b0", "c0"], ["a1", "b1", "c1"], ["a2", "b2", "c2"]]


def test_in_a_group_nothing_overtakes_what_cannot_be_sent() -> None:
    client = Sqs(unsent={"a1"})
    messages = [in_group(group, f"{group}{number}") for group in "ab" for number in range(3)]

    outcomes = list(send_back(client, "https://sqs/1/dead.fifo", "https://sqs/1/events.fifo", messages))

    assert client.sent == ["a0", "b0", "b1", "b2"]
    assert client.deleted == ["a0", "b0", "b1", "b2"]
    faults = {outcome.message.body: outcome.fault for outcome in outcomes if outcome.fault}
    assert faults == {"a1": "No: ", "a2": "stays behind m-a1, of the same group"}
