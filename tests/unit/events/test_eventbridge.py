"""EventBridge's envelope: written by EventBridge, by an input transformer, or by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.routing.route import Route
from tests.harness.cases import load

LAKE = json.loads(load("security_lake").body)
REPLAY = json.loads(load("eventbridge_replay").body)


def event_of(body: Any, message_id: str = "m-1") -> Event:
    (event,) = parse_message(Message(message_id, json.dumps(body), queue_name="orders"))
    return event


def test_source_and_detail_are_enough() -> None:
    event = event_of(LAKE)

    assert event.source == "aws.s3"
    assert event.detail["object"]["key"] == "ext/a/1.parquet"
    assert Route("lake", {"source": ["aws.s3"]}, "lake").event_pattern.matches(event.as_dict())


def test_an_id_made_of_what_an_event_says_is_the_same_in_every_message() -> None:
    assert event_of(LAKE).id == event_of(dict(reversed(LAKE.items())), "m-2").id
    assert event_of(LAKE).id == event_of(LAKE | {"id": None}).id == event_of(LAKE | {"id": ""}).id


@pytest.mark.parametrize("field", ["source", "time", "account", "resources", "detail", "detail-type"])
def test_an_event_that_says_something_else_has_another_id(field: str) -> None:
    another = {"resources": ["arn:aws:s3:::b"], "detail": {"bucket": {"name": "b"}}}.get(field, "another")

    assert event_of(LAKE | {field: another}).id != event_of(LAKE).id


def test_an_id_that_is_there_is_kept() -> None:
    assert event_of(LAKE | {"id": "e-1"}).id == "e-1"


def test_a_cloudevent_is_none_though_it_has_a_source() -> None:
    body = json.loads(load("cloudevents_json").body) | {"detail": {"order": 7}}

    assert event_of(body).detail_type == "com.example.someevent"


def test_fields_of_the_envelope_that_nobody_knows_are_kept() -> None:
    event = event_of(REPLAY | {"tenant": {"name": "acme"}, "nothing": None})
    envelope = event.as_dict()
    route = Route(
        name="again",
        event_pattern={"replay-name": [{"exists": True}], "tenant": {"name": ["acme"]}},
        trigger_dag_id="again",
        event_id="{{ event.id }}-{{ event['replay-name'] }}",
    )

    launch = route.launch(event, Message("m-1", ""))

    assert route.event_pattern.matches(envelope)
    assert launch.trigger_run_id.startswith("again__99b36070-7900-46fe-b465-a833a8d63853-after-the-fix-2__")
    assert (
        launch.conf
        == envelope
        == {key: value for key, value in REPLAY.items() if key != "version"} | {"tenant": {"name": "acme"}}
    )


def test_a_replay_has_the_id_of_the_event_that_it_repeats() -> None:
    first = {key: value for key, value in REPLAY.items() if key != "replay-name"}

    assert event_of(first).id == event_of(REPLAY).id


def test_an_extension_of_a_cloudevent_is_a_field_that_patterns_see() -> None:
    event = event_of(json.loads(load("cloudevents_json").body) | {"tenant": "acme"})

    assert event.as_dict()["tenant"] == "acme"
    assert not {"specversion", "type", "data", "datacontenttype"} & event.as_dict().keys()
