"""What is said of a message before anything runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.patterns.pattern import EventPattern
from airflow_provider_hybrid.routing.explain import explain_message
from airflow_provider_hybrid.routing.miss import why_no_match
from airflow_provider_hybrid.routing.route import Route
from airflow_provider_hybrid.routing.router import route_message

Payload = Callable[[str], str]
EVENT = {"source": "aws.s3", "detail": {"bucket": {"name": "partner-a"}, "object": {"size": 5}}}


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ({"source": ["aws.s3"]}, ""),
        (
            {"source": ["aws.s3"], "detail": {"bucket": {"name": ["b"]}}},
            "detail.bucket.name: wants ['b'], found 'partner-a'",
        ),
        ({"account": ["1"]}, "account: wants ['1'], found nothing"),
        (
            {"detail": {"object": {"key": [{"prefix": "a"}]}}},
            "detail.object.key: wants [{'prefix': 'a'}], found nothing",
        ),
        ({"source": {"deeper": ["x"]}}, "source.deeper: wants ['x'], found 'aws.s3' on the way"),
    ],
)
def test_the_first_condition_that_fails_is_named(pattern: dict[str, Any], reason: str) -> None:
    assert why_no_match(EventPattern(pattern), EVENT) == reason


def routes(*names: str) -> list[Route]:
    return [Route(name, {"detail": {"bucket": {"name": [name]}}}, f"dag_{name}") for name in names]


def test_it_says_what_each_route_says_to_each_event(payload: Payload) -> None:
    explanation = explain_message(Message("m-1", payload("s3_two_records")), routes("partner-a", "partner-b"))

    assert [
        [(verdict.route, bool(verdict.launch)) for verdict in verdicts]
        for _, verdicts in explanation.verdicts
    ] == [[("partner-a", True), ("partner-b", False)], [("partner-a", False), ("partner-b", True)]]
    assert explanation.ending == "deleted once its 2 runs exist"


def test_it_is_what_the_sensor_would_do(payload: Payload) -> None:
    message = Message("m-1", payload("s3_put"))

    assert explain_message(message, routes("partner-a")).delivery == route_message(
        message, routes("partner-a")
    )


@pytest.mark.parametrize(
    ("body", "unmatched", "ending"),
    [
        (
            "rubbish",
            "dead_letter",
            "goes to the dead-letter queue at once (or stays, where there is none): Message",
        ),
        (
            '{"a": 1}',
            "dead_letter",
            "goes to the dead-letter queue at once (or stays, where there is none): Unmat",
        ),
        ('{"a": 1}', "leave", "stays in the queue: no route wants event 'm-1'"),
        ('{"a": 1}', "delete", "deleted at once"),
    ],
)
def test_it_says_where_the_message_ends(body: str, unmatched: Any, ending: str) -> None:
    assert explain_message(Message("m-1", body), routes("a"), unmatched).ending.startswith(ending)


def test_a_detail_alone_is_told_with_the_way_to_send_the_whole_event(payload: Payload) -> None:
    detail = json.dumps(json.loads(payload("eventbridge_s3"))["detail"])

    hint = explain_message(Message("m-1", detail, queue_name="orders"), routes("partner-a")).hint

    assert "source" in hint
    assert "'orders'" in hint
    assert "InputPath" in hint


def test_an_event_in_an_envelope_needs_no_hint(payload: Payload) -> None:
    whole = Message("m-1", payload("eventbridge_s3"), queue_name="orders")

    assert explain_message(whole, routes("partner-a")).hint == ""


def test_keys_that_were_never_encoded_are_read_as_the_setting_says(payload: Payload) -> None:
    message = Message("m-1", payload("s3_put"))
    sent = json.loads(message.body)["Records"][0]["s3"]["object"]["key"]

    ((event, _),) = explain_message(message, [], s3_keys="raw").verdicts

    assert event.detail["object"]["key"] == sent
