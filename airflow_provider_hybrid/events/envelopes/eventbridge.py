"""EventBridge's own envelope.

https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
"""

from __future__ import annotations

from typing import Any

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import MessageParseError

MARKS = ("id", "source", "detail-type", "detail")


def recognises(body: dict[str, Any]) -> bool:
    """Tell EventBridge's envelope by the fields that it always has."""
    return all(mark in body for mark in MARKS)


def open_envelope(body: dict[str, Any], _message: Message) -> list[Event]:
    """Take the envelope as it is."""
    for key in ("id", "source", "detail-type", "time", "account", "region"):
        if not isinstance(body.get(key, ""), str):
            raise MessageParseError(f"EventBridge's envelope: {key!r} is not a string")
    if not body["id"]:
        raise MessageParseError("EventBridge's envelope: 'id' is empty")
    if not isinstance(body["detail"], dict):
        raise MessageParseError("EventBridge's envelope: 'detail' is not an object")
    resources = body.get("resources")
    if resources is not None and not (
        isinstance(resources, list) and all(isinstance(resource, str) for resource in resources)
    ):
        raise MessageParseError("EventBridge's envelope: 'resources' is not a list of strings")
    return [
        Event(
            id=body["id"],
            source=body["source"],
            detail=body["detail"],
            detail_type=body["detail-type"],
            time=body.get("time"),
            account=body.get("account"),
            region=body.get("region"),
            resources=None if resources is None else tuple(resources),
        )
    ]
