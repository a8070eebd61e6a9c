"""EventBridge's own envelope.

https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airflow_provider_hybrid.events.envelopes.envelope import Opened
from airflow_provider_hybrid.events.envelopes.fields import Fields
from airflow_provider_hybrid.events.event import Event, extra_fields
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.eventbridge import eventbridge_id, is_eventbridge


def recognises(body: dict[str, Any]) -> bool:
    """Say whether a body is in EventBridge's envelope."""
    return is_eventbridge(body)


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Opened]:
    """Yield the event. EventBridge delivers at least once, and its duplicates have the same id.

    An envelope without an id, which EventBridge did not write, gets one that is derived from all its fields.
    The interceptor puts plain JSON into this envelope too, with null as the detail-type.
    """
    fields = Fields("EventBridge's envelope", body)
    event = Event(
        id=fields.text("id") or eventbridge_id(body),
        source=fields.required_text("source"),
        detail=fields.required_object("detail").value,
        detail_type=fields.text("detail-type"),
        time=fields.text("time"),
        account=fields.text("account"),
        region=fields.text("region"),
        resources=fields.texts("resources"),
        extra=extra_fields(body),
    )
    yield Opened(event, message)
