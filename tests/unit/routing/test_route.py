"""What a route makes of an event."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import RouteError
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.route import Route

EVENT = Event(id="e-1", source="shop", detail={"order": {"id": 7, "country": "de"}, "evil": "../../x"})
MESSAGE = Message(
    "m-1",
    "{}",
    attributes={"MessageGroupId": "g-1"},
    message_attributes={"tenant": {"DataType": "String", "StringValue": "acme"}},
)


def launch(event: Event = EVENT, **fields: Any) -> Launch:
    arguments: dict[str, Any] = {
        "name": "orders",
        "event_pattern": {"source": ["shop"]},
        "trigger_dag_id": "dag",
    }
    return Route(**(arguments | fields)).launch(event, MESSAGE)


def test_the_dag_may_be_named_by_the_event() -> None:
    assert launch(trigger_dag_id="orders_{{ event.detail.order.country }}").trigger_dag_id == "orders_de"


@pytest.mark.parametrize(
    "template",
    ["{{ event.detail.evil }}", "{{ event.detail.order.id }}", "x y", "{{ 'x' * 251 }}", "a?b", "..", "a\nb"],
)
def test_a_dag_is_never_named_what_no_dag_can_be_called(template: str) -> None:
    with pytest.raises(RouteError, match="route 'orders', field 'trigger_dag_id', event 'e-1'"):
        launch(trigger_dag_id=template)


def test_the_conf_may_speak_of_the_message() -> None:
    conf = {
        "tenant": "{{ message.message_attributes.tenant.StringValue }}",
        "group": "{{ message.attributes.MessageGroupId }}",
        "id": "{{ message.message_id }}",
    }

    assert launch(conf=conf).conf == {"tenant": "acme", "group": "g-1", "id": "m-1"}


def test_the_receipt_handle_is_not_for_templates() -> None:
    with pytest.raises(RouteError, match=r"'conf\.x'"):
        launch(conf={"x": "{{ message.receipt_handle }}"})


def test_what_makes_an_event_the_same_may_be_said() -> None:
    one = launch(event_id="{{ event.detail.order.id }}")
    other = launch(event_id="{{ event.detail.order.id }}", event=replace(EVENT, id="e-2", resources=("r",)))

    assert one.trigger_run_id == other.trigger_run_id
    assert one.trigger_run_id.startswith("orders__7__")
    assert one.trigger_run_id != launch(event_id="8").trigger_run_id


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ({"detail": {"object": {"key": "in/a.csv"}}, "resources": ("arn:aws:s3:::b",)}, "in-a.csv"),
        ({"resources": ("invoice/7", "second")}, "invoice-7"),
        ({}, "e-1"),
        ({"detail": {"object": {"key": 7}}}, "e-1"),
    ],
)
def test_a_run_is_called_after_what_its_event_is_about(fields: dict[str, Any], subject: str) -> None:
    assert launch(event=replace(EVENT, **fields)).trigger_run_id.startswith(f"orders__{subject}__")


def test_the_subject_may_be_said_and_does_not_tell_events_apart() -> None:
    one = launch(subject="order {{ event.detail.order.id }}")
    other = launch(subject="order {{ event.detail.order.id }}", event=replace(EVENT, id="e-2"))

    assert one.trigger_run_id.startswith("orders__order-7__")
    assert one.trigger_run_id != other.trigger_run_id


def test_without_a_subject_the_run_is_called_after_its_route_alone() -> None:
    assert re.fullmatch("orders__[0-9a-f]{20}", launch(subject="").trigger_run_id)


def test_a_subject_that_cannot_be_made_costs_no_run_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    assert launch(subject="{{ event.detail.number }}").trigger_run_id == launch().trigger_run_id
    (warning,) = caplog.messages
    assert warning.startswith("Route 'orders': the subject cannot be made from every event: UndefinedError")


def test_an_empty_event_id_is_refused() -> None:
    with pytest.raises(RouteError, match="field 'event_id'"):
        launch(event_id="{{ '' }}")


def test_the_note_may_be_said_and_is_cut() -> None:
    assert launch(note="order {{ event.detail.order.id }}").note == "order 7"
    assert launch(note="{{ 'x' * 5000 }}").note == "x" * 1000


def test_a_batch_size_goes_with_the_launch() -> None:
    assert launch(max_events=500).max_events == 500


@pytest.mark.parametrize(
    ("note", "fault"),
    [
        ("order {{ event.detail.order.number }}", "UndefinedError: 'dict object' has no attribute 'number'"),
        ("{{ event.detail.order.id.x.y }}", "UndefinedError"),
        ("{{ message.message_attributes.trace.StringValue }}", "UndefinedError"),
        ("{{ event.detail.order.id / 0 }}", "ZeroDivisionError"),
        ("{{ 'x' * 10 ** 9 }}", "in the template"),
        ("{{ '\\u0000' }}", "NUL"),
        ("{{ 9 ** 1000 * 9 ** 1000 * 9 ** 1000 * 9 ** 1000 * 9 ** 1000 }}", "64 bits"),
    ],
)
def test_a_note_that_cannot_be_made_costs_no_run_and_is_told_once(
    caplog: pytest.LogCaptureFixture, note: str, fault: str
) -> None:
    """It is for people: the dispatcher writes a note then."""
    route = Route("orders", {"source": ["shop"]}, "dag", note=note)

    notes = [route.launch(EVENT, MESSAGE).note for _ in range(3)]

    assert notes == [None] * 3
    (warning,) = caplog.messages
    assert warning.startswith("Route 'orders': the note cannot be made from every event: ")
    assert fault in warning


def test_the_warning_of_a_note_says_nothing_of_the_event(caplog: pytest.LogCaptureFixture) -> None:
    secret = Event(id="e-1", source="shop", detail={"key": "hunter2"})

    Route("orders", {"source": ["shop"]}, "dag", note="{{ event.detail[event.detail.key] }}").launch(
        secret, MESSAGE
    )

    assert len(caplog.messages) == 1
    assert "hunter2" not in caplog.text
