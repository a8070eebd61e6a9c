"""The interceptor: a Lambda function that forwards events to an SQS queue.

It takes S3's notifications, events of EventBridge, records of SNS, SQS, Kinesis and DynamoDB streams, and
JSON by direct invocation. It puts each event into EventBridge's envelope, and forwards unchanged what does
not fit into that. It compresses a message that is too large for the queue.

It reports each event that SQS did not take: by its record for SQS, Kinesis and DynamoDB, whose event source
mapping must have ``ReportBatchItemFailures``, and by an error for all others. AWS then tries again.

Environment:
    QUEUE_URL: The queue. The URL of a FIFO queue ends in ``.fifo``.
    MESSAGE_GROUP_FIELD: The field of an event that makes its message group. Default: ``detail.object.key`` in
        a FIFO queue, where an event without it is its own group; else ``detail.bucket.name``.
    EVENT_PATTERN: The events to forward, all by default: an EventBridge event pattern of exact values,
        ``prefix``, ``suffix``, ``anything-but`` and ``exists``. Input that is forwarded unchanged is not
        compared with it.

It is deployed as one file, with the modules of this package in the place of their imports. It needs only
Python's standard library and boto3.
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
        _context: Lambda's context, which is not used.

    Returns:
        The records to try again, as a partial batch response.

    Raises:
        ForwardError: If SQS did not take an event that the response cannot name as a record.
        ValueError: If `read_pattern` cannot read ``EVENT_PATTERN``.
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
