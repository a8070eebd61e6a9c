"""S3's notifications.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from airflow_provider_hybrid.events.envelopes.envelope import Opened
from airflow_provider_hybrid.events.envelopes.listed import has_records_from, open_records
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.s3 import s3_event


def recognises(body: dict[str, Any]) -> bool:
    """Say whether a body is a notification or a test event of S3, or of a store that speaks S3.

    Such stores, for example MinIO and Ceph, name themselves as the source of a record.
    """
    records = body.get("Records")
    if isinstance(records, list):
        by_shape = any(isinstance(record, dict) and "s3" in record for record in records)
        return by_shape or has_records_from(body, "aws:s3")
    return body.get("Event") == "s3:TestEvent" and "Bucket" in body


def open_envelope(body: dict[str, Any], message: Message) -> Iterator[Opened]:
    """Return one event per record, and none for ``s3:TestEvent``."""
    return open_records("S3's notification", partial(s3_event, keys=message.s3_keys), body, message)
