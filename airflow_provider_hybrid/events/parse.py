"""From a message to the events in it, or one clear error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airflow_provider_hybrid.events.compressed import decompressed
from airflow_provider_hybrid.events.envelopes import (
    cloudevents,
    cloudevents_binary,
    dynamodb,
    eventbridge,
    kinesis,
    plain,
    s3,
    services,
    sns,
    sns_records,
    sqs_records,
)
from airflow_provider_hybrid.events.envelopes.envelope import Envelope, Opened
from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.json_text import kind, read_json
from airflow_provider_hybrid.events.limits import why_not_storable
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.no_event import why_no_event
from airflow_provider_hybrid.events.records.shapes import with_records
from airflow_provider_hybrid.exceptions import MessageParseError

ENVELOPES: tuple[Envelope, ...] = (
    sns,
    s3,
    kinesis,
    dynamodb,
    sqs_records,
    sns_records,
    services,
    eventbridge,
    cloudevents,
    plain,
)
"""Asked in this order whether a body is theirs; `plain` takes whatever is left."""

MAX_WRAPPINGS = 4
"""How many envelopes may lie in one another (SNS around EventBridge is two)."""


def parse_message(message: Message) -> list[Event]:
    """Return the events in a message.

    Args:
        message: As received from SQS; its body is JSON: an object, or an array of objects.

    Returns:
        One event per record, or the one event of any other envelope. None for a message that tells of
        nothing, such as the ``s3:TestEvent`` that S3 sends when notifications are set up.

    Raises:
        MessageParseError: If the message cannot be understood. No other error comes out of any input.
    """
    return [opened.event for opened in open_message(message)]


def open_message(message: Message) -> list[Opened]:
    """Return the events in a message, each with the innermost message in which it lay.

    Raises:
        MessageParseError: As for `parse_message`.
    """
    return [_checked(opened) for opened in _open(decompressed(message), MAX_WRAPPINGS)]


def _open(message: Message, wrappings: int) -> Iterator[Opened]:
    if not wrappings:
        raise MessageParseError(f"more than {MAX_WRAPPINGS} envelopes lie in one another")
    for inside in _open_outermost(message):
        if isinstance(inside, Opened):
            yield inside
        else:
            yield from _open(inside, wrappings - 1)


def _open_outermost(message: Message) -> Iterator[Opened | Message]:
    # Its envelope is in the attributes, so the body may be anything.
    if cloudevents_binary.recognises(message):
        yield cloudevents_binary.open_envelope(message)
        return
    body = read_json(message.body, "the body")
    if reason := why_no_event(body):
        raise MessageParseError(reason)
    if isinstance(body, list):
        yield from _open_elements(body, message)
    elif isinstance(body, dict):
        yield from _open_object(body, message)
    else:
        raise MessageParseError(f"the body is a JSON {kind(body)}, not an object")


def _open_elements(elements: list[Any], message: Message) -> Iterator[Opened | Message]:
    """Open each element of an array as if it had come alone; its place is part of the id of plain JSON."""
    if not elements:
        raise MessageParseError("the body is an empty JSON array, which tells of nothing")
    for index, element in enumerate(elements):
        if not isinstance(element, dict):
            raise MessageParseError(f"element {index} of the body is a JSON {kind(element)}, not an object")
        yield from _open_object(element, message.part(index))


def _open_object(body: dict[str, Any], message: Message) -> Iterator[Opened | Message]:
    body = with_records(body)
    envelope = next(envelope for envelope in ENVELOPES if envelope.recognises(body))
    yield from envelope.open_envelope(body, message)


def _checked(opened: Opened) -> Opened:
    if reason := why_not_storable(opened.event.as_dict()):
        raise MessageParseError(f"Airflow cannot carry the event: {reason}")
    return opened
