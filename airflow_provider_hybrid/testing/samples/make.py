"""A sample by its name, on its way to a queue."""

from __future__ import annotations

import difflib
import hashlib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError, validate_call

from airflow_provider_hybrid.config.faults import describe
from airflow_provider_hybrid.events.records.s3 import S3_KINDS
from airflow_provider_hybrid.testing.samples import custom, dynamodb, kinesis, s3, services
from airflow_provider_hybrid.testing.samples.sample import (
    TIME,
    Json,
    Sample,
    SampleError,
    made_up_id,
    moment_of,
    text_attribute,
)
from airflow_provider_hybrid.testing.samples.ways import WAYS, WITHOUT_ATTRIBUTES

_PRODUCERS: dict[str, Callable[..., Sample]] = {
    **dict.fromkeys(s3.NAMES, s3.notification),
    s3.TEST: s3.setup_test,
    kinesis.NAME: kinesis.records,
    **dict.fromkeys(dynamodb.NAMES, dynamodb.records),
    services.SES: services.mail,
    services.CODECOMMIT: services.push,
    custom.EVENTBRIDGE: custom.on_eventbridge,
    custom.CLOUDEVENTS: custom.cloud_event,
    custom.JSON: custom.plain_json,
}

SAMPLE_NAMES = tuple(_PRODUCERS)
"""The names of the samples."""

WAY_NAMES = tuple(WAYS)
"""The names of the ways."""

QUEUE = "partner-events"
"""The queue that a record or the interceptor names, unless somebody says otherwise."""


def sample_event(name: str, *, via: str | Sequence[str] = (), queue: str = QUEUE, **facts: Any) -> Any:
    """Make an event as its producer sends it: what lies in the body of the SQS message.

    The same arguments make the same event, with the same id. ``docs/how-to/test-routes.md`` has all names.

    Args:
        name: What happened: ``s3:ObjectCreated:Put`` and every other notification of S3, ``kinesis:record``,
            ``dynamodb:INSERT``, ``eventbridge``, ``cloudevents``, ``json``, ...
        via: The way that it takes to the queue; several, in their order, as ``("eventbridge", "sns")``.
            Without it the producer itself sends it to the queue.
        queue: The name of the queue that a record of SQS names (``lambda-sqs``, ``pipes``), or the
            interceptor for plain JSON.
        facts: What the producer says, for S3 ``bucket``, ``key``, ``size``, ``version_id``, ``time``, ...
            Each has a default.

    Returns:
        A JSON value, nearly always an object.

    Raises:
        SampleError: If there is no such name, way or fact, or if the event does not come that way.
    """
    sample = _make(name, via, queue, {}, facts)
    if not sample.is_in_body:
        raise SampleError(
            f"{name!r} via {via!r}: a part of this event is in message attributes; take "
            f"sample_message({name!r}, via={via!r}), which has them"
        )
    return sample.body


def sample_message(
    name: str,
    *,
    via: str | Sequence[str] = (),
    queue: str = QUEUE,
    sent_at: datetime | None = None,
    message_attributes: Mapping[str, str] | None = None,
    group_id: str | None = None,
    deduplication_id: str | None = None,
    **facts: Any,
) -> Json:
    """Make a whole SQS message with an event in it, as `aws sqs receive-message` prints one.

    Args:
        name: As for `sample_event`.
        via: As for `sample_event`.
        queue: As for `sample_event`.
        sent_at: When SQS got it; windows, delays and deadlines count from there. A fixed moment by default.
        message_attributes: Attributes that the producer gave to the message, all of them texts.
        group_id: The message group.
        deduplication_id: The deduplication id, which every message in a FIFO queue has.
        facts: As for `sample_event`.

    Returns:
        One entry of ``Messages``: ``MessageId``, ``ReceiptHandle``, ``MD5OfBody``, ``Body``, ``Attributes``,
        ``MessageAttributes``.

    Raises:
        SampleError: As for `sample_event`.
    """
    attributes = {name: text_attribute(value) for name, value in (message_attributes or {}).items()}
    sample = _make(name, via, queue, attributes, facts)
    return as_message(sample.text, sample.attributes, sent_at, group_id, deduplication_id)


def as_message(
    body: str,
    attributes: Mapping[str, Json] | None = None,
    sent_at: datetime | None = None,
    group_id: str | None = None,
    deduplication_id: str | None = None,
) -> Json:
    """Put a body into a message, as SQS hands it out.

    Args:
        body: The text.
        attributes: Message attributes in SQS's form.
        sent_at: When SQS got it.
        group_id: The message group.
        deduplication_id: The deduplication id.
    """
    sent = str(int((sent_at or moment_of(TIME)).timestamp() * 1000))
    system = {
        "SenderId": "AIDAIENQZJOLO23YVJ4VO",
        "ApproximateFirstReceiveTimestamp": sent,
        "ApproximateReceiveCount": "1",
        "SentTimestamp": sent,
    }
    if group_id:
        system["MessageGroupId"] = group_id
    if deduplication_id:
        system |= {"MessageDeduplicationId": deduplication_id, "SequenceNumber": "18849496460467696128"}
    message: Json = {
        "MessageId": made_up_id(body, attributes or {}, sent, group_id, deduplication_id),
        "ReceiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
        "MD5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "Body": body,
        "Attributes": system,
    }
    if attributes:
        message["MessageAttributes"] = dict(attributes)
    return message


def _make(
    name: str, via: str | Sequence[str], queue: str, attributes: Mapping[str, Json], facts: Mapping[str, Any]
) -> Sample:
    producer = _PRODUCERS.get(name)
    if producer is None:
        raise SampleError(f"there is no sample {name!r}{_meant(name)}")
    known = [*inspect.signature(producer).parameters][1:]
    for fact in facts:
        if fact not in known:
            raise SampleError(f"{name!r} has no {fact!r}{_instead(fact, known)}")
    try:
        made = validate_call(config={"strict": True})(producer)(name, **facts)
    except ValidationError as error:
        faults = "; ".join(str(describe(fault, {})) for fault in error.errors())
        raise SampleError(f"{name!r}: {faults}") from None
    sample = Sample(name, made.body, attributes)
    for way in [via] if isinstance(via, str) else via:
        if way not in WAYS:
            raise SampleError(f"via: there is no way {way!r}{_instead(way, WAYS)}")
        if sample.attributes and way in WITHOUT_ATTRIBUTES:
            raise SampleError(f"via: {way!r} carries no message attributes, and {name!r} has some before it")
        sample = WAYS[way](sample, queue)
    return sample


def _meant(name: str) -> str:
    """Suggest the samples that a name may mean."""
    of_type = [f"s3:{kind}" for kind, (detail_type, *_) in S3_KINDS.items() if detail_type == name]
    close = of_type or difflib.get_close_matches(name, SAMPLE_NAMES, n=3, cutoff=0.7)
    close = close or difflib.get_close_matches(f"s3:{name}", SAMPLE_NAMES, n=3, cutoff=0.7)
    if close:
        return f"; did you mean {' or '.join(map(repr, close))}?"
    return f"; the samples are {', '.join(SAMPLE_NAMES)}"


def _instead(name: str, known: Iterable[str]) -> str:
    """Suggest the name that is meant, or name all."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(names)}"
