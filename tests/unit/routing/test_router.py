"""What is to be done with a message."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.route import Route
from airflow_provider_hybrid.routing.router import Unmatched, route_message

Payload = Callable[[str], str]


def bucket_route(name: str, bucket: str, conf: dict[str, Any] | None = None) -> Route:
    return Route(name, {"detail": {"bucket": {"name": [bucket]}}}, f"dag_{name}", conf)


PARTNER_A = bucket_route("partner_a", "partner-a", {"key": "{{ event.detail.object.key }}"})
PARTNER_B = bucket_route("partner_b", "partner-b")


def test_an_event_becomes_the_launch_that_its_route_asks_for(payload: Payload) -> None:
    delivery = route_message(Message("m-1", payload("eventbridge_s3")), [PARTNER_A, PARTNER_B])

    assert delivery.launches == (
        Launch(
            route="partner_a",
            trigger_dag_id="dag_partner_a",
            trigger_run_id="partner_a__orders-2026-11-22-a-b+c.csv__d3406077326313ad7de1",
            conf={"key": "orders/2026-11-22/a b+c.csv"},
            event_id="17793124-05d4-b198-2fde-7ededc63b103",
        ),
    )
    assert delivery.rejection is None


def test_without_conf_the_run_gets_the_whole_event(payload: Payload) -> None:
    route = bucket_route("all", "partner-a")

    (launch,) = route_message(Message("m-1", payload("eventbridge_s3")), [route]).launches

    assert launch.conf["detail-type"] == "Object Created"
    assert launch.conf["detail"]["object"]["size"] == 5


def test_every_route_that_wants_an_event_gets_it(payload: Payload) -> None:
    audit = Route("audit", {"source": ["aws.s3"]}, "dag_audit")

    delivery = route_message(Message("m-1", payload("s3_two_records")), [PARTNER_A, PARTNER_B, audit])

    assert [launch.trigger_dag_id for launch in delivery.launches] == [
        "dag_partner_a",
        "dag_audit",
        "dag_partner_b",
        "dag_audit",
    ]
    assert delivery.dag_ids == ("dag_audit", "dag_partner_a", "dag_partner_b")


def test_s3s_test_event_is_settled_quietly(payload: Payload) -> None:
    message = Message("m-1", payload("s3_test_event"))

    assert route_message(message, [PARTNER_A]) == Delivery(message, events=())


def test_rubbish_is_rejected_with_the_reason() -> None:
    delivery = route_message(Message("m-1", "rubbish"), [PARTNER_A])

    assert delivery.rejection
    assert delivery.rejection.error_type == "MessageParseError"
    assert "not JSON" in delivery.rejection.error_message
    assert not delivery.launches


@pytest.mark.parametrize(
    ("unmatched", "rejected", "leave"),
    [("dead_letter", True, False), ("leave", True, True), ("delete", False, False)],
)
def test_what_no_route_wants_goes_by_policy(
    payload: Payload, unmatched: Unmatched, rejected: bool, leave: bool
) -> None:
    delivery = route_message(Message("m-1", payload("eventbridge_s3")), [PARTNER_B], unmatched)

    assert (bool(delivery.rejection), delivery.leave) == (rejected, leave)


def test_one_unwanted_record_does_not_keep_the_other_from_its_run(payload: Payload) -> None:
    delivery = route_message(Message("m-1", payload("s3_two_records")), [PARTNER_A])

    assert [launch.trigger_dag_id for launch in delivery.launches] == ["dag_partner_a"]
    assert delivery.rejection
    assert delivery.rejection.error_type == "Unmatched"


def test_a_conf_that_cannot_be_made_names_route_field_and_event(payload: Payload) -> None:
    route = bucket_route("day", "partner-a", {"day": "{{ event.detail.object.key.split('/')[7] }}"})

    delivery = route_message(Message("m-1", payload("eventbridge_s3")), [route, PARTNER_A])

    assert delivery.rejection
    assert delivery.rejection.error_type == "RouteError"
    assert "route 'day', field 'conf.day', event '17793124" in delivery.rejection.error_message
    assert [launch.trigger_dag_id for launch in delivery.launches] == ["dag_partner_a"]


def test_a_conf_that_airflow_cannot_carry_is_refused(payload: Payload) -> None:
    route = bucket_route("big", "partner-a", {"n": "{{ event.detail.object.size ** 100 }}"})

    delivery = route_message(Message("m-1", payload("eventbridge_s3")), [route])

    assert delivery.rejection
    assert "64 bits" in delivery.rejection.error_message


def test_behind_sns_a_conf_may_speak_of_what_was_published(payload: Payload) -> None:
    sns = json.loads(payload("sns_notification")) | {"Message": payload("eventbridge_s3")}
    conf = {
        "subject": "{{ message.attributes.Subject }}",
        "tenant": "{{ message.message_attributes.tenant.StringValue }}",
    }

    delivery = route_message(
        Message("m-1", json.dumps(sns), receipt_handle="h"), [bucket_route("a", "partner-a", conf)]
    )

    assert delivery.launches[0].conf == {"subject": "Amazon S3 Notification", "tenant": "acme"}
    assert (delivery.message.message_id, delivery.message.receipt_handle) == ("m-1", "h"), "as received"


def test_a_rejection_names_the_routes_that_broke_once(payload: Payload) -> None:
    broken = [bucket_route(name, "partner-a", {"day": "{{ event.nothing }}"}) for name in ("one", "two")]
    body = json.loads(payload("s3_put"))
    body["Records"] *= 2

    delivery = route_message(Message("m-1", json.dumps(body)), [*broken, PARTNER_A])

    assert delivery.rejection
    assert delivery.rejection.routes == ("one", "two")


def test_how_long_an_event_waits_is_counted_from_what_sqs_says_and_not_its_sender(payload: Payload) -> None:
    body = json.loads(payload("aws_lambda_sqs"))
    for record in body["Records"]:
        record["attributes"]["SentTimestamp"] = "99999999999999"
    message = Message("m-1", json.dumps(body), {"SentTimestamp": "1000000"})

    delivery = route_message(message, [Route("all", {"source": [{"prefix": ""}]}, "dag", delay_seconds=60)])

    assert {launch.due_at for launch in delivery.launches} == {1060.0}
