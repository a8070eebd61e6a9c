"""Sending a message to its own queue once more, where SQS would not hand it out again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.wire import IDENTITY, SENT_AT
from airflow_provider_hybrid.sqs.calls import Entry, Failures, delete_messages, send_messages
from airflow_provider_hybrid.sqs.dead_letters.attributes import sendable_attributes
from airflow_provider_hybrid.sqs.limits import max_message_bytes

LONGEST_DELAY = 900
"""The most seconds that SQS holds a new message back.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html
"""


NO_ROOM = "it has no room for the attribute HybridMessageId"


def send_anew(client: Any, queue_url: str, delays: Mapping[Message, int]) -> Failures:
    """Replace messages by copies of themselves, which nobody has received yet.

    A copy has the body and the attributes of the message, its message group, and its identity as
    ``HybridMessageId``: so its events keep their ids. The message is deleted once the queue has the copy. If
    a process dies in between, both are in the queue, and the runs of their events start once.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue; no FIFO queue, in which a copy would lose its place.
        delays: For each message the seconds until its copy is there; at most `LONGEST_DELAY` count.

    Returns:
        The messages that are still in the queue as they were, with SQS's reasons.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses a call as a whole.
        botocore.exceptions.BotoCoreError: If SQS cannot be reached.
    """
    max_bytes = max_message_bytes(client, queue_url)
    entries = {message: _copy(message, delay, max_bytes) for message, delay in delays.items()}
    # Without its identity the copy would be another event, and start another run.
    nameless = {one: NO_ROOM for one, copy in entries.items() if IDENTITY not in copy["MessageAttributes"]}
    fitting = {one: copy for one, copy in entries.items() if one not in nameless}
    unsent = nameless | send_messages(client, queue_url, fitting)
    sent = [message for message in delays if message not in unsent]
    return unsent | delete_messages(client, queue_url, sent)


def _copy(message: Message, delay: int, max_bytes: int) -> Entry:
    sent_at = "" if message.sent_at is None else str(round(message.sent_at * 1000))
    ours = {IDENTITY: message.identity, SENT_AT: sent_at}
    copy: Entry = {
        "MessageBody": message.body,
        "MessageAttributes": sendable_attributes(message, ours, max_bytes),
        "DelaySeconds": min(delay, LONGEST_DELAY),
    }
    if message.group_id:
        copy["MessageGroupId"] = message.group_id
    return copy
