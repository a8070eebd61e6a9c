"""CloudEvents 1.0 in binary mode: attributes in the message's attributes, data in the body.

There is no binding for SQS. This follows those for HTTP (``ce-id``), Kafka (``ce_id``) and AMQP
(``cloudEvents_id``), which agree on everything but the prefix. The content type is an attribute of its own
there; ``ce-datacontenttype`` will do as well.

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
    """Tell a CloudEvent by the attribute that names its version."""
    return any(_value(message, f"{prefix}specversion") == "1.0" for prefix in PREFIXES)


def open_envelope(message: Message) -> Opened:
    """Return the event; the data is what the content type says, and JSON where it says nothing."""
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
    """Read the data as its content type says; bytes travel through SQS as base64, or as a text of theirs."""
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
