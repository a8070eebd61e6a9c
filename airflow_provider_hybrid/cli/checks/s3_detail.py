"""Slips in a pattern about ``detail`` of S3's events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from airflow_provider_hybrid.cli.checks.conditions import Condition
from airflow_provider_hybrid.cli.checks.s3_types import S3_DELETIONS, S3_REASONS, notified_types
from airflow_provider_hybrid.cli.checks.spelling import misspelt

S3_DETAIL: dict[str, tuple[str, ...]] = {
    "version": (),
    "bucket": ("name", "aws-generated-tags"),
    "object": ("key", "size", "etag", "version-id", "sequencer", "has-object-annotation"),
    "request-id": (),
    "requester": (),
    "source-ip-address": (),
    "reason": (),
    "deletion-type": (),
    "restore-expiry-time": (),
    "source-storage-class": (),
    "destination-storage-class": (),
    "destination-access-tier": (),
    "object-annotation": (),
}
"""The fields of ``detail`` in S3's events, each with its own fields if it is an object.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

S3_RECORD = {
    ("Records",): "'detail', which is one record",
    ("s3", "bucket"): "'detail.bucket'",
    ("s3", "object"): "'detail.object'",
    ("s3",): "'detail.bucket' and 'detail.object'",
    ("eventName",): "'detail-type'",
    ("eventTime",): "'time'",
    ("eventSource",): "'source'",
    ("awsRegion",): "'region'",
    ("userIdentity",): "'detail.requester'",
    ("requestParameters", "bucketName"): "'detail.bucket.name'",
    ("requestParameters", "key"): "'detail.object.key'",
    ("requestParameters",): "'detail.bucket' and 'detail.object'",
    ("bucketName",): "'detail.bucket.name'",
    ("key",): "'detail.object.key'",
    ("size",): "'detail.object.size'",
}
"""Fields of S3's notification and of CloudTrail's record of a call, and their place in S3's event."""

CLOUDTRAIL_DETAIL = {
    *("eventName", "eventTime", "eventSource", "eventID", "awsRegion", "userIdentity", "requestParameters"),
    *("requestID", "sourceIPAddress"),
}
"""Fields that CloudTrail's events have in ``detail``."""

S3_WORDS = {"reason": S3_REASONS, "deletion-type": S3_DELETIONS}
"""The texts that S3 sends in a field."""

_NOT_IN_BUCKETS = re.compile(r"[^A-Za-z0-9._*-]")


def slips_in_detail(condition: Condition, *, only_s3: bool) -> Iterator[str]:
    """Compare a condition with S3's own events.

    Args:
        condition: A condition on a field of ``detail``.
        only_s3: Whether the pattern names detail-types; without any it may mean CloudTrail's events of S3.
    """
    name, *below = condition.field[1:] or ("",)
    notified = name == "eventName" and any(map(notified_types, condition.values))
    if name in CLOUDTRAIL_DETAIL and not only_s3 and not notified:
        return
    if name not in S3_DETAIL:
        yield from _renamed(condition, ("detail",), name, S3_DETAIL)
        return
    fields = S3_DETAIL[name]
    if fields and not below and not condition.wants_absence:
        names = ", ".join(fields)
        yield f"{condition.written}: can never match: {name!r} is an object, name fields in it: {names}"
    elif fields and below and below[0] not in fields:
        yield from _renamed(condition, ("detail", name), below[0], fields)
    else:
        yield from _in_value(condition)


def _in_value(condition: Condition) -> Iterator[str]:
    """Compare the texts that a condition wants with those that S3 sends in that field."""
    field = ".".join(condition.field[1:])
    for text in _texts(condition.values):
        if field == "bucket.name" and (wrong := _NOT_IN_BUCKETS.search(text)):
            told = f"no bucket's name has {wrong[0]!r} in it, as {text!r} has; write the name alone"
            yield f"{condition.written}: {told}"
        elif field == "object.key" and text.startswith(("s3://", "arn:aws")):
            told = f"a key has no bucket before it, as {text!r} has; write the key alone"
            yield f"{condition.written}: {told}"
        elif field in S3_WORDS and text in condition.values and (right := misspelt(text, S3_WORDS[field])):
            yield f"{condition.written}: S3 does not send {text!r}; write {right!r}"


def _renamed(condition: Condition, above: tuple[str, ...], name: str, fields: Iterable[str]) -> Iterator[str]:
    """Name the field of S3's events that is meant by a field that they do not have."""
    if right := misspelt(name, fields):
        yield f"{condition.written}: S3's event calls it {'.'.join((*above, right))!r}"
        return
    for length in (2, 1):
        if there := S3_RECORD.get(condition.field[1 : 1 + length]):
            yield f"{condition.written}: S3's event has {there} in its place"
            return


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """Yield the exact texts, and those with which a text must begin or end."""
    for value in values:
        texts = [value, value.get("prefix"), value.get("suffix")] if isinstance(value, dict) else [value]
        yield from (text for text in texts if isinstance(text, str))
