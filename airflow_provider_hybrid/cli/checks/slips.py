"""Words in a pattern that an event does not have, and the words that it has in their place.

S3's notifications, CloudTrail and EventBridge call the same things by different names. Only a sure slip is
told: an unknown name may be a sender's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from airflow_provider_hybrid.cli.checks.conditions import Condition, conditions
from airflow_provider_hybrid.cli.checks.s3_detail import S3_RECORD, slips_in_detail
from airflow_provider_hybrid.cli.checks.s3_types import (
    CLOUDTRAIL_TYPES,
    S3_REASONS,
    S3_TYPES,
    notified_types,
    wants_any,
)
from airflow_provider_hybrid.cli.checks.spelling import letters_of, misspelt

ENVELOPE = (
    *("version", "id", "source", "detail-type", "time", "account", "region", "resources", "detail"),
    "replay-name",
)
"""https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html"""

_OF_A_SERVICE = re.compile(r"aws:([a-z0-9]+)")
_AWS = re.compile(r"aws\.[a-z0-9-]+", re.IGNORECASE)
_ALIKE = 0.85
"""The likeness of two names, on difflib's scale, from which on one is surely the other one misspelt."""


def slips(pattern: Mapping[str, Any]) -> Iterator[str]:
    """Name each sure slip in a pattern, with its place, the wrong word and the right one.

    Args:
        pattern: A valid event pattern.
    """
    found = list(conditions(pattern))
    sources = [value for condition in found if condition.field == ("source",) for value in condition.values]
    types = [
        value for condition in found if condition.field == ("detail-type",) for value in condition.values
    ]
    of_s3 = all(_source(value) == "aws.s3" for value in sources) if sources else _are_s3s(types)
    for condition in found:
        yield from _in_envelope(condition)
        if condition.field == ("source",):
            yield from _in_source(condition)
        elif condition.field == ("detail-type",) and (of_s3 or not sources):
            yield from _in_type(condition, of_s3=of_s3)
        elif condition.field[0] == "detail" and of_s3 and not any(map(_may_be_cloudtrails, types)):
            yield from slips_in_detail(condition, only_s3=bool(types))


def _in_envelope(condition: Condition) -> Iterator[str]:
    name = condition.field[0]
    if name in ENVELOPE:
        return
    if name in {"Records", "s3"}:
        yield f"{condition.written}: an event has {S3_RECORD[(name,)]} in the place of {name!r}"
    elif right := misspelt(name, ENVELOPE, alike=0 if condition.wants_absence else _ALIKE):
        yield f"{condition.written}: {name!r} is no field of EventBridge's envelope; did you mean {right!r}?"


def _in_source(condition: Condition) -> Iterator[str]:
    for value in condition.strings:
        if (right := _source(value)) != value:
            yield f"{condition.written}: no AWS service sends {value!r}; write {right!r}"


def _source(value: Any) -> Any:
    """Return the source that a value in a pattern means; the value itself if it may be right."""
    if not isinstance(value, str):
        return value
    if match := _OF_A_SERVICE.fullmatch(value):
        return f"aws.{match[1]}"
    if _AWS.fullmatch(value):
        return value.lower()
    return "aws.s3" if letters_of(value) in {"awss3", "amazons3", "s3amazonawscom"} else value


def _in_type(condition: Condition, *, of_s3: bool) -> Iterator[str]:
    """Compare detail-types with S3's.

    Args:
        condition: A condition on ``detail-type``.
        of_s3: Whether the pattern wants S3's events only; without a source it may want anybody's.
    """
    known = (*S3_TYPES, *CLOUDTRAIL_TYPES)
    for value in condition.values:
        if meant := notified_types(value):
            rights = " or ".join(map(repr, meant))
            told = f"{value!r} is the name of a notification; the detail-type is {rights}"
            yield f"{condition.written}: {told}"
        elif isinstance(value, str) and value.startswith("s3:"):
            right = value.removeprefix("s3:")
            yield f"{condition.written}: no detail-type begins with 's3:'; write {right!r}"
        elif not of_s3 or not isinstance(value, str):
            continue
        elif value in S3_REASONS:
            yield f"{condition.written}: {value!r} is a 'detail.reason' of S3's events, and no detail-type"
        elif meant_type := misspelt(value, known, alike=0.9):
            yield f"{condition.written}: S3 does not send {value!r}; did you mean {meant_type!r}?"


def _are_s3s(types: Sequence[Any]) -> bool:
    return bool(types) and all(value in S3_TYPES or notified_types(value) for value in types)


def _may_be_cloudtrails(value: Any) -> bool:
    return "cloudtrail" in str(value).lower() or wants_any(value, CLOUDTRAIL_TYPES)
