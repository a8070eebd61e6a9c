"""The shapes in which records come, and the services that they name."""

from __future__ import annotations

import re
from typing import Any

from airflow_provider_hybrid.events.records.facts import Json

_RECORD_SOURCE = re.compile(r"aws:.+|.+:s3")
"""The ``eventSource`` of AWS's services (``aws:dynamodb``), and of stores that speak S3 (``minio:s3``)."""


def with_records(body: Json) -> Json:
    """Write records of AWS services the way Lambda receives them, as ``{"Records": [...]}``.

    EventBridge Pipes sends a record alone. Some libraries write ``records``, or one record instead of the
    list. A body that holds no record is returned as it is.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-source.html
    """
    for name in ("Records", "records"):
        found = body.get(name)
        records = [found] if isinstance(found, dict) else found
        if isinstance(records, list) and any(map(is_record, records)):
            return {"Records": records}
    return {"Records": [body]} if is_record(body) else body


def is_record(value: Any) -> bool:
    """Say whether a value is a record of an AWS service, or of a store that speaks S3.

    A record names its service, or has the shape of S3's records. ``{"s3": "s3://bucket/key"}`` has not.
    """
    if not isinstance(value, dict):
        return False
    by_shape = isinstance(value.get("s3"), dict) and (
        "eventName" in value or value["s3"].keys() >= {"bucket", "object"}
    )
    return by_shape or bool(_RECORD_SOURCE.fullmatch(service_of(value)))


def without_receipt_handle(record: Json) -> Json:
    """Return a record without its receipt handle, whose owner can delete the message from its queue."""
    return {name: value for name, value in record.items() if name != "receiptHandle"}


def service_of(record: Json) -> str:
    """Return the service that a record names, such as ``aws:kinesis``; SNS alone writes ``EventSource``."""
    named = record.get("eventSource") or record.get("EventSource")
    return named if isinstance(named, str) else ""
