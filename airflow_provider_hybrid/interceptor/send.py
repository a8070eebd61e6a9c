"""From parcels to the queue."""

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
from airflow_provider_hybrid.events.records.wire import (
    COMPRESSED_BODY,
    IDENTITY,
    MAX_BODY_BYTES,
    attributes_size,
    compress,
)
from airflow_provider_hybrid.interceptor.parcel import Parcel, log

BATCH, BATCH_BYTES = 10, 1024 * 1024
"""The most messages and bytes that one call takes. A queue may have lower limits.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""

ATTEMPTS = 3
"""The number of times that an entry is sent if SQS refuses it through no fault of the sender."""

TOO_LARGE = re.compile("InvalidParameterValue|TooLong|TooLarge")
"""A part of SQS's error code for a message or a batch of too many bytes.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
"""


@functools.cache
def sqs() -> Any:
    """Return the client, which repeats a call that SQS throttles or does not answer."""
    retries = {"mode": "standard", "total_max_attempts": 4}
    return boto3.client("sqs", config=Config(connect_timeout=2, read_timeout=5, retries=retries))


def send(parcels: Sequence[Parcel], queue_url: str) -> list[Parcel]:
    """Send parcels in their order; return those that SQS did not take.

    In a FIFO queue, a parcel that SQS did not take holds back the later ones of its message group.
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
    """Split parcels into batches within SQS's limits; a FIFO queue's batch has one of each message group."""
    batch: list[Parcel] = []
    room = BATCH_BYTES
    for parcel in parcels:
        size = size_of(entry(parcel, fifo))
        together = fifo and any(other.group == parcel.group for other in batch)
        if batch and (len(batch) == BATCH or size > room or together):
            yield batch
            batch, room = [], BATCH_BYTES
        batch.append(parcel)
        room -= size
    if batch:
        yield batch


def send_batch(parcels: Sequence[Parcel], queue_url: str) -> list[Parcel]:
    """Send a batch, and again, compressed, what is too large for the queue; return what SQS did not take.

    SQS itself decides what is too large: the queue's ``MaximumMessageSize`` may change at any time.
    """
    keyed = {str(number): parcel for number, parcel in enumerate(parcels)}
    entries = {key: entry(parcel, queue_url.endswith(".fifo")) for key, parcel in keyed.items()}
    faults = send_entries(entries, queue_url)
    for key, fault in list(faults.items()):
        if TOO_LARGE.search(fault["Code"]) and size_of(entries[key]) <= MAX_BODY_BYTES:
            del faults[key]
            faults |= send_entries({key: compressed(entries[key])}, queue_url)
    if forwarded := [parcel for key, parcel in keyed.items() if key not in faults]:
        log("INFO", "forwarded", forwarded)
    for key, fault in faults.items():
        limit = re.search(r"\d+(?= bytes)", fault.get("Message", ""))
        facts = {"bytes": size_of(entries[key]), "limit": int(limit[0])} if limit else {}
        log("ERROR", "not forwarded", [keyed[key]], code=fault["Code"], **facts)
    return [parcel for key, parcel in keyed.items() if key in faults]


def send_entries(entries: dict[str, Json], queue_url: str) -> dict[str, Json]:
    """Send entries in one call; repeat it for those that SQS could not take just then.

    Return SQS's faults by key.
    """
    if sum(map(size_of, entries.values())) > BATCH_BYTES:
        return {key: {"Code": "BatchRequestTooLong", "Message": f"{BATCH_BYTES} bytes"} for key in entries}
    faults: dict[str, Json] = {key: {} for key in entries}
    for attempt in range(ATTEMPTS if entries else 0):
        if attempt:
            time.sleep(0.2 * attempt)
        going = [{"Id": key, **entries[key]} for key in faults]
        try:
            refused = sqs().send_message_batch(QueueUrl=queue_url, Entries=going).get("Failed", [])
        except (ClientError, BotoCoreError) as error:
            said = (
                error.response["Error"] if isinstance(error, ClientError) else {"Code": type(error).__name__}
            )
            if len(faults) > 1 and TOO_LARGE.search(said["Code"]):
                # The limit on a batch may be lower here. An entry that is sent alone gets its own answer.
                alone = [send_entries({key: entries[key]}, queue_url) for key in faults]
                return {key: fault for answer in alone for key, fault in answer.items()}
            return dict.fromkeys(faults, said)
        faults = {fault["Id"]: fault for fault in refused}
        if all(fault["SenderFault"] for fault in refused):
            break
    return faults


def entry(parcel: Parcel, fifo: bool) -> Json:
    """Return an entry of SendMessageBatch, without its ``Id``."""
    fields: Json = {"MessageBody": parcel.body}
    usable_id = parcel.id if re.fullmatch("[!-~]{1,128}", parcel.id) else stable_id(parcel.id)
    if parcel.event is None:
        fields["MessageAttributes"] = {IDENTITY: {"DataType": "String", "StringValue": usable_id}}
    if parcel.trace:
        header = {"DataType": "String", "StringValue": parcel.trace}
        fields["MessageSystemAttributes"] = {"AWSTraceHeader": header}
    if parcel.group:
        fields["MessageGroupId"] = parcel.group
    if fifo:
        fields["MessageDeduplicationId"] = usable_id
    return fields


def compressed(fields: Json) -> Json:
    """Return an entry with its body compressed in a message attribute, where bytes need no base64."""
    body = {"DataType": "Binary", "BinaryValue": compress(fields["MessageBody"])}
    attributes = {**fields.get("MessageAttributes", {}), COMPRESSED_BODY: body}
    return {
        **fields,
        "MessageBody": f"in the message attribute {COMPRESSED_BODY}",
        "MessageAttributes": attributes,
    }


def size_of(fields: Json) -> int:
    """Return the bytes of a message as SQS counts them."""
    return len(fields["MessageBody"].encode()) + attributes_size(fields.get("MessageAttributes", {}))
