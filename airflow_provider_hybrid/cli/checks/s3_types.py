"""The detail-types of events about S3: those that S3 sends, and those of CloudTrail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from airflow_provider_hybrid.events.records.s3 import S3_KINDS, STORE_KINDS
from airflow_provider_hybrid.patterns.pattern import EventPattern

S3_TYPES = tuple(dict.fromkeys(kind[0] for kind in S3_KINDS.values()))

S3_REASONS = tuple(dict.fromkeys(word for kind in S3_KINDS.values() for word in kind[1:2]))

S3_DELETIONS = tuple(dict.fromkeys(word for kind in S3_KINDS.values() for word in kind[2:3]))

CLOUDTRAIL_TYPES = (
    "AWS API Call via CloudTrail",
    "AWS Service Event via CloudTrail",
    "AWS Console Action via CloudTrail",
    "AWS Console Sign In via CloudTrail",
    "AWS Insight via CloudTrail",
)
"""The detail-types that any AWS service sends to EventBridge by way of CloudTrail.

https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-cloudtrail.html
"""


def notified_types(value: Any) -> list[str]:
    """Return the detail-types of the events that a value names as S3's notifications do.

    Args:
        value: One of a pattern's values for ``detail-type``: a text, or an operator.

    Returns:
        The detail-types; none if the value names no notification, or wants a detail-type too.
    """
    known = S3_KINDS | STORE_KINDS
    if isinstance(value, str):
        name = value.removeprefix("s3:")
        # S3's own configuration of notifications knows "s3:ObjectCreated:*".
        begin = name.removesuffix("*") if name.endswith("*") else None
        kinds = [kind for kind in known if kind == name or (begin and kind.startswith(begin))]
    elif wants_any(value, (*S3_TYPES, *CLOUDTRAIL_TYPES)):
        return []
    else:
        kinds = [kind for kind in known if wants_any(value, (kind, f"s3:{kind}"))]
    return list(dict.fromkeys(known[kind][0] for kind in kinds))


def wants_any(value: Any, types: Iterable[str]) -> bool:
    """Say whether a pattern's value for ``detail-type`` wants any of these types."""
    wanted = EventPattern({"detail-type": [value]})
    return any(wanted.matches({"detail-type": kind}) for kind in types)
