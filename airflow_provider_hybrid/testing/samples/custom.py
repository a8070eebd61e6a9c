"""Events of one's own applications: EventBridge's envelope, a CloudEvent, plain JSON.

- https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
- https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
"""

from __future__ import annotations

from typing import Any

from airflow_provider_hybrid.testing.samples.sample import (
    ACCOUNT,
    REGION,
    TIME,
    Json,
    Sample,
    made_up_id,
    to_the_second,
)

EVENTBRIDGE, CLOUDEVENTS, JSON = "eventbridge", "cloudevents", "json"


def on_eventbridge(
    name: str,
    *,
    source: str = "com.example.shop",
    detail_type: str = "Order Placed",
    detail: dict[str, Any] | None = None,
    resources: list[str] | None = None,
    id: str | None = None,  # noqa: A002 - the name that EventBridge gives it
    time: str = TIME,
    region: str = REGION,
) -> Sample:
    """Make an event that somebody put on EventBridge.

    Args:
        name: The sample's name.
        source: The sender.
        detail_type: The kind of event.
        detail: What happened; ``{"order": 7}`` without it.
        resources: What it is about.
        id: The event's id; without it one that is the same for the same event.
        time: When it happened, ISO 8601 in UTC.
        region: The bus' region.
    """
    detail = {"order": 7} if detail is None else detail
    event: Json = {
        "version": "0",
        "id": id or made_up_id(source, detail_type, detail, time),
        "detail-type": detail_type,
        "source": source,
        "account": ACCOUNT,
        "time": to_the_second(time),
        "region": region,
        "resources": resources or [],
        "detail": detail,
    }
    return Sample(name, event)


def cloud_event(
    name: str,
    *,
    source: str = "/example/shop",
    type: str = "com.example.order.created",  # noqa: A002 - the name that CloudEvents gives it
    subject: str | None = None,
    data: Any = None,
    id: str | None = None,  # noqa: A002 - likewise
    time: str = TIME,
    extensions: dict[str, Any] | None = None,
) -> Sample:
    """Make a CloudEvent in structured mode. The way ``binary`` puts it into message attributes.

    Args:
        name: The sample's name.
        source: The sender.
        type: The kind of event.
        subject: What it is about.
        data: What happened; ``{"order": 7}`` without it.
        id: The event's id; without it one that is the same for the same event.
        time: When it happened, ISO 8601 in UTC.
        extensions: Further attributes.
    """
    data = {"order": 7} if data is None else data
    event: Json = {
        "specversion": "1.0",
        "type": type,
        "source": source,
        "subject": subject,
        "id": id or made_up_id(source, type, subject, data, time),
        "time": to_the_second(time),
        "datacontenttype": "application/json",
        "data": data,
        **(extensions or {}),
    }
    return Sample(name, {key: value for key, value in event.items() if value is not None})


def plain_json(name: str, *, data: Any = None) -> Sample:
    """Make JSON in no envelope.

    Args:
        name: The sample's name.
        data: An object, or an array of objects; ``{"order": 7}`` without it.
    """
    return Sample(name, {"order": 7} if data is None else data)
