"""Every message in `tests/events` parses to the events that its file in `expected` says."""

from __future__ import annotations

import json

import pytest

from airflow_provider_hybrid.events.parse import parse_message
from tests.harness.cases import CASES, EVENTS, NAMES, Case

WITH_AN_ID = [case for case in CASES if case.name not in {"ministack_sns_raw_plain", "plain_array"}]
"""Plain JSON from a standard queue is the exception: another message is another event."""

IN_THE_BODY = [case for case in CASES if "binary_mode" not in case.name]
"""Attributes make a message a CloudEvent before anybody looks at the body."""

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
def test_a_message_parses_to_the_events_in_it(case: Case) -> None:
    assert [event.as_dict() for event in parse_message(case.message())] == case.expected


@pytest.mark.parametrize("case", WITH_AN_ID, ids=lambda case: case.name)
def test_a_second_copy_of_a_message_has_the_same_ids(case: Case) -> None:
    copy = case.message(message_id="another", receipt_handle="another")

    assert [event.id for event in parse_message(copy)] == [event["id"] for event in case.expected]


@each_case
def test_what_an_interceptor_forwards_in_eventbridges_envelope_is_the_same_event(case: Case) -> None:
    for event in parse_message(case.message()):
        if event.detail_type is None:
            continue
        forwarded = case.message(json.dumps({"version": "0", **event.as_dict()}), message_attributes={})
        assert parse_message(forwarded) == [event]


@pytest.mark.parametrize("case", IN_THE_BODY, ids=lambda case: case.name)
def test_sns_around_a_message_changes_nothing(case: Case) -> None:
    frame = json.loads((EVENTS / "sns_notification.json").read_text())
    frame["MessageId"] = case.message().message_id

    wrapped = case.message(json.dumps({**frame, "Message": case.body}))

    assert [event.as_dict() for event in parse_message(wrapped)] == case.expected


def test_every_message_says_what_it_must_parse_to() -> None:
    expectations = {path.stem for path in (EVENTS / "expected").glob("*.json")}
    assert expectations == set(NAMES)
