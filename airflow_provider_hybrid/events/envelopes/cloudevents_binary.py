"""CloudEvents 1.0 in binary mode: attributes in the message's attributes, data in the body.

CloudEvents has no binding for SQS. This module follows those for HTTP (``ce-id``), Kafka (``ce_id``) and AMQP
(``cloudEvents_id``), which differ in the prefix only. They write the content type without a prefix;
``ce-datacontenttype`` is read too.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
"""

from __future__ import annotations

import base64
from typing import Any

from airflow_provider_hybrid.events.envelopes.cloudevents import (
    ENVELOPE,
    as_detail,
    is_json,
    is_text,
    to_event,
)
from airflow_provider_hybrid.events.envelopes.envelope import Opened
from airflow_provider_hybrid.events.envelopes.fields import Fields
from airflow_provider_hybrid.events.json_text import read_json
from airflow_provider_hybrid.events.message import Message

PREFIXES = ("ce-", "ce_", "cloudEvents_")
CONTENT_TYPES = ("content-type", "Content-Type", "contentType")


def recognises(message: Message) -> bool:
    """Say whether an attribute names CloudEvents' version."""
    return any(_value(message, f"{prefix}specversion") == "1.0" for prefix in PREFIXES)


def open_envelope(message: Message) -> Opened:
    """Return the event. Its data has the form that the content type names, and is JSON if there is none."""
    attributes = {
        name.removeprefix(prefix): _value(message, name)
        for prefix in PREFIXES
        for name in message.message_attributes
        if name.startswith(prefix)
    }
    named = (_value(message, name) for name in CONTENT_TYPES)
    content_type = next((value for value in named if value), None) or attributes.get("datacontenttype")
    return Opened(to_event(Fields(ENVELOPE, attributes), _detail(message.body, content_type)), message)


def _detail(body: str, content_type: str | None) -> dict[str, Any]:
    """Read the data as its content type says. Bytes stay in base64; any other text is encoded in it."""
    if is_json(content_type):
        return as_detail(read_json(body, "the data"))
    if content_type and is_text(content_type):
        return {"data": body}
    try:
        base64.b64decode(body, validate=True)
    except ValueError:
        body = base64.b64encode(body.encode()).decode()
    return {"data_base64": body}


def _value(message: Message, name: str) -> str | None:
    value = message.message_attributes.get(name, {}).get("StringValue")
    return value if isinstance(value, str) else None
