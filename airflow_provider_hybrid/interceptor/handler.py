"""The interceptor: a Lambda function that catches events and hands them on to an SQS queue.

It decides nothing, and all it may do is send to that queue. What it is given (S3's notifications, events of
EventBridge, records of SNS, SQS, Kinesis and DynamoDB streams, JSON by direct invocation) leaves in
EventBridge's envelope, or as it came where it has no place in that. What is too large for the queue leaves
compressed.

Nothing is dropped. What SQS did not take is reported: record by record for SQS, Kinesis and DynamoDB, whose
event source mapping must have ``ReportBatchItemFailures``, and by an error for all others. AWS tries again.

Environment:
    QUEUE_URL: The queue. The URL of a FIFO queue ends in ``.fifo``.
    MESSAGE_GROUP_FIELD: The field of an event that makes its message group in a FIFO queue, for example
        ``detail.object.key``. An event without it is a group of its own.
    EVENT_PATTERN: Which events to forward, all by default: an EventBridge event pattern of exact values,
        ``prefix``, ``suffix``, ``anything-but`` and ``exists``. What leaves as it came always does.

It is deployed as one file, with the modules of this package in the place of their imports, and needs nothing
but Python's library and boto3.
"""

from __future__ import annotations

import os
from typing import Any

from airflow_provider_hybrid.events.records.facts import Json
from airflow_provider_hybrid.interceptor.parcel import log
from airflow_provider_hybrid.interceptor.pattern import matches, read_pattern
from airflow_provider_hybrid.interceptor.send import send
from airflow_provider_hybrid.interceptor.unpack import unpack


class ForwardError(Exception):
    """Events that SQS did not take."""


def handler(event: Any, _context: Any) -> Json:
    """Forward every event in an invocation.

    Args:
        event: As Lambda hands it over.
        _context: Lambda's context, of which nothing is needed.

    Returns:
        The records to try again, as a partial batch response.

    Raises:
        ForwardError: If an event was not forwarded that cannot be reported as a record.
        ValueError: If ``EVENT_PATTERN`` is none.
    """
    pattern = read_pattern(os.environ.get("EVENT_PATTERN") or "{}")
    parcels = []
    for parcel in unpack(event):
        if parcel.event is None or matches(pattern, parcel.event):
            parcels.append(parcel)
        else:
            log("INFO", "not wanted by EVENT_PATTERN", [parcel])
    failed = send(parcels, os.environ["QUEUE_URL"])
    if any(parcel.item is None for parcel in failed):
        raise ForwardError(f"{len(failed)} event(s) were not forwarded; the log has their ids")
    items = dict.fromkeys(parcel.item for parcel in failed)
    return {"batchItemFailures": [{"itemIdentifier": item} for item in items]}
