"""From a message to the events in it, or one clear error."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from airflow_provider_hybrid.events.envelopes import eventbridge, plain, s3, sns
from airflow_provider_hybrid.events.envelopes.envelope import Envelope
from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.limits import why_not_storable
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import MessageParseError

ENVELOPES: tuple[Envelope, ...] = (sns, s3, eventbridge, plain)
"""Asked in this order whether a body is theirs; `plain` takes whatever is left."""

MAX_WRAPPINGS = 4
"""How many envelopes may lie in one another (SNS around EventBridge is two)."""


def parse_message(message: Message) -> list[Event]:
    """Return the events in a message.

    Args:
        message: As received from SQS; its body is JSON.

    Returns:
        One event per S3 record, or the one event of any other envelope. None for a message that tells of
        nothing, such as the ``s3:TestEvent`` that S3 sends when notifications are set up.

    Raises:
        MessageParseError: If the message cannot be understood. No other error comes out of any input.
    """
    for _ in range(MAX_WRAPPINGS):
        body = _load_object(message.body)
        envelope = next(envelope for envelope in ENVELOPES if envelope.recognises(body))
        opened = envelope.open_envelope(body, message)
        if not isinstance(opened, Message):
            return [_checked(event) for event in opened]
        message = opened
    raise MessageParseError(f"more than {MAX_WRAPPINGS} envelopes lie in one another")


def _checked(event: Event) -> Event:
    if reason := why_not_storable(event.as_dict()):
        raise MessageParseError(f"Airflow cannot carry the event: {reason}")
    return event


def _load_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise MessageParseError("the body is nested too deep to be read") from None
    except ValueError as error:
        raise MessageParseError(f"the body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise MessageParseError(f"the body is a JSON {_kind(value)}, not an object")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _kind(value: object) -> str:
    return {list: "array", str: "string", bool: "boolean", type(None): "null"}.get(type(value), "number")
