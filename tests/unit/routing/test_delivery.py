"""Deliveries on their way from task to task."""

from __future__ import annotations

import json
from dataclasses import replace

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.routing.delivery import Delivery, dump_deliveries, load_deliveries
from airflow_provider_hybrid.routing.launch import Launch

LAUNCH = Launch("route", "dag", "route__1", {"__classname__": "os.system", "n": [1, None]}, "why")
MESSAGE = Message(
    "m-1",
    "body",
    attributes={"ApproximateReceiveCount": "3"},
    message_attributes={"tenant": {"DataType": "String", "StringValue": "acme"}},
    receipt_handle="handle",
)


def test_a_rejected_message_travels_whole() -> None:
    rejected = Delivery(MESSAGE, (LAUNCH,), Rejection("RouteError", "why not", ("one", "two")), leave=True)

    assert load_deliveries(dump_deliveries([rejected])) == [rejected]


def test_what_a_wanted_message_holds_does_not_travel() -> None:
    first = replace(MESSAGE, attributes={"ApproximateReceiveCount": "1"})

    (there,) = load_deliveries(dump_deliveries([Delivery(first, (LAUNCH,))]))

    assert there.launches == (LAUNCH,)
    assert (there.message.receipt_handle, there.message.receive_count) == ("handle", 1)
    assert (there.message.body, there.message.message_attributes) == ("", {})


def test_a_message_that_came_back_travels_whole() -> None:
    """It may have to go to the dead-letter queue, if its runs do not start this time either."""
    assert MESSAGE.receive_count == 3

    (there,) = load_deliveries(dump_deliveries([Delivery(MESSAGE, (LAUNCH,))]))

    assert there.message == MESSAGE


def test_a_message_that_waits_travels_whole_with_the_runs_that_it_waits_for() -> None:
    """It may have to be sent again, if SQS would not hand it out once more."""
    first = replace(MESSAGE, attributes={"ApproximateReceiveCount": "1"})
    waiting = Delivery(first, (LAUNCH,), later=(replace(LAUNCH, trigger_dag_id="full"),), waits_for="no room")

    assert load_deliveries(dump_deliveries([waiting])) == [waiting]


def test_a_launch_that_messages_share_travels_once() -> None:
    deliveries = [Delivery(Message(f"m-{number}", ""), (LAUNCH,)) for number in range(9)]

    text = dump_deliveries(deliveries)

    assert len(json.loads(text)["launches"]) == 1
    assert [delivery.launches for delivery in load_deliveries(text)] == [(LAUNCH,)] * 9
