"""CloudEvents 1.0 in structured mode: one JSON object holds attributes and data.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from airflow_provider_hybrid.events.envelopes.envelope import Opened
from airflow_provider_hybrid.events.envelopes.fields import Fields
from airflow_provider_hybrid.events.event import Event, extra_fields
from airflow_provider_hybrid.events.json_text import read_json
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.facts import stable_id
from airflow_provider_hybrid.exceptions import MessageParseError

ENVELOPE = "CloudEvents' envelope"
PREFIX = "ce-"

DEFINED = {
    *("id", "source", "specversion", "type", "datacontenttype", "dataschema", "subject", "time"),
    *("data", "data_base64"),
}
"""The attributes that the specification defines, and the data; all others are extensions."""

TEXTS = {
    "xml",
    "yaml",
    "x-yaml",
    "csv",
    "x-ndjson",
    "x-www-form-urlencoded",
    "javascript",
    "graphql",
    "sql",
    "toml",
}
"""Subtypes that are text, also after a plus sign, as in ``application/atom+xml``."""


def recognises(body: dict[str, Any]) -> bool:
    """Say whether a body names CloudEvents' version; all of 1.0.x say "1.0"."""
    return body.get("specversion") == "1.0"


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Opened]:
    """Yield the event. Its message gets the CloudEvent's attributes as message attributes, as in binary mode.

    So a template finds extensions in ``message.message_attributes`` in both modes.
    """
    attributes = {
        PREFIX + name: {
            "DataType": "String",
            "StringValue": value if isinstance(value, str) else json.dumps(value),
        }
        for name, value in body.items()
        if name not in {"data", "data_base64"} and isinstance(value, str | int)
    }
    event = to_event(Fields(ENVELOPE, body), _detail(body))
    yield Opened(event, replace(message, message_attributes={**message.message_attributes, **attributes}))


def to_event(attributes: Fields, detail: dict[str, Any]) -> Event:
    """Build the event: the type becomes the detail-type, the subject becomes the resource, extensions stay.

    The id is derived from source and id. The specification wants that pair to be the same for duplicates
    only.

    Args:
        attributes: The CloudEvent's attributes by their names in the specification.
        detail: Its data, as an object.
    """
    source, subject = attributes.required_text("source"), attributes.text("subject")
    return Event(
        id=stable_id(source, attributes.required_text("id")),
        source=source,
        detail=detail,
        detail_type=attributes.required_text("type"),
        time=attributes.text("time"),
        resources=(subject,) if subject else None,
        extra={name: value for name, value in extra_fields(attributes.value).items() if name not in DEFINED},
    )


def is_json(content_type: str | None) -> bool:
    """Say whether a content type means JSON: ``*/json``, ``*/*+json``, or none at all."""
    return _media_type(content_type or "application/json").endswith(("/json", "+json"))


def is_text(content_type: str) -> bool:
    """Say whether a content type means text: ``text/*``, or one of `TEXTS`."""
    kind, _, subtype = _media_type(content_type).partition("/")
    return kind == "text" or subtype.rpartition("+")[2] in TEXTS


def as_detail(data: object) -> dict[str, Any]:
    """Return data that is an object as it is, and any other as ``{"data": ...}``."""
    return data if isinstance(data, dict) else {"data": data}


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _detail(body: dict[str, Any]) -> dict[str, Any]:
    fields = Fields(ENVELOPE, body)
    encoded = fields.text("data_base64")
    if encoded is None:
        return as_detail(body["data"]) if "data" in body else {}
    if not is_json(fields.text("datacontenttype")):
        return {"data_base64": encoded}
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        raise MessageParseError(f"{ENVELOPE}: 'data_base64' is not JSON in base64") from None
    return as_detail(read_json(text, f"{ENVELOPE}: 'data_base64'"))
