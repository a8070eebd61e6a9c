"""From events to the queue."""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Iterator, Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from airflow_provider_hybrid.events.records.facts import Json, stable_id
from airflow_provider_hybrid.interceptor.parcel import Parcel, log

BATCH, BATCH_BYTES = 10, 1024 * 1024
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"""

ATTEMPTS = 3
"""How often an entry is sent that SQS refuses through no fault of its sender."""


@functools.cache
def sqs() -> Any:
    """Return the client, which repeats a call that is throttled or gets no answer."""
    retries = {"mode": "standard", "total_max_attempts": 4}
    return boto3.client("sqs", config=Config(connect_timeout=2, read_timeout=5, retries=retries))


def send(parcels: Sequence[Parcel], queue_url: str) -> list[Parcel]:
    """Send all there is, in order; return what SQS did not take.

    In a FIFO queue what cannot be sent holds back those behind it in its group.
    """
    fifo = queue_url.endswith(".fifo")
    failed: list[Parcel] = []
    for batch in in_batches(parcels, fifo):
        stuck = {parcel.group for parcel in failed} if fifo else set()
        held = [parcel for parcel in batch if fifo and parcel.group in stuck]
        going = [parcel for parcel in batch if not fifo or parcel.group not in stuck]
        failed += [*held, *send_batch(going, queue_url)]
    return failed


def in_batches(parcels: Sequence[Parcel], fifo: bool) -> Iterator[list[Parcel]]:
    """Split within SQS's bounds on number and bytes; no two of a FIFO queue's group go together."""
    batch: list[Parcel] = []
    for parcel in parcels:
        size = sum(len(other.body) for other in batch) + len(parcel.body)
        together = fifo and any(other.group == parcel.group for other in batch)
        if batch and (len(batch) == BATCH or size > BATCH_BYTES or together):
            yield batch
            batch = []
        batch.append(parcel)
    if batch:
        yield batch


def send_batch(parcels: Sequence[Parcel], queue_url: str) -> list[Parcel]:
    """Send what fits into one call, and again what SQS could not take just then; return what it did not."""
    keyed = {str(number): parcel for number, parcel in enumerate(parcels)}
    codes = dict.fromkeys(keyed, "")
    for attempt in range(ATTEMPTS if keyed else 0):
        if attempt:
            time.sleep(0.2 * attempt)
        entries = [{"Id": key, **entry(keyed[key], queue_url)} for key in codes]
        try:
            faults = sqs().send_message_batch(QueueUrl=queue_url, Entries=entries).get("Failed", [])
        except (ClientError, BotoCoreError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
            codes = dict.fromkeys(codes, code)
            break
        codes = {fault["Id"]: fault["Code"] for fault in faults}
        if all(fault["SenderFault"] for fault in faults):
            break
    if forwarded := [parcel for key, parcel in keyed.items() if key not in codes]:
        log("INFO", "forwarded", forwarded)
    for key, code in codes.items():
        log("ERROR", "not forwarded", [keyed[key]], code=code)
    return [keyed[key] for key in codes]


def entry(parcel: Parcel, queue_url: str) -> Json:
    """Return an entry of SendMessageBatch, without its key."""
    fields: Json = {"MessageBody": parcel.body}
    if parcel.trace:
        header = {"DataType": "String", "StringValue": parcel.trace}
        fields["MessageSystemAttributes"] = {"AWSTraceHeader": header}
    if queue_url.endswith(".fifo"):
        usable = re.fullmatch("[!-~]{1,128}", parcel.id)
        fields["MessageGroupId"] = parcel.group
        fields["MessageDeduplicationId"] = parcel.id if usable else stable_id(parcel.id)
    return fields
