"""Sending dead letters from the dead-letter queue back to the queue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.wire import IDENTITY
from airflow_provider_hybrid.sqs.calls import Entry, Failures, delete_messages, in_batches, send_messages
from airflow_provider_hybrid.sqs.dead_letters.attributes import sendable_attributes
from airflow_provider_hybrid.sqs.dead_letters.outcome import Outcome
from airflow_provider_hybrid.sqs.limits import max_message_bytes
from airflow_provider_hybrid.sqs.url import is_fifo


def send_back(
    client: Any, dead_letter_queue_url: str, queue_url: str, messages: Sequence[Message]
) -> Iterator[Outcome]:
    """Send dead letters back to the queue, and delete each once the queue has it.

    A message goes back with its own body and attributes, and with ``HybridMessageId``, so that its events
    keep their ids. If a message is sent but not deleted, sending it once more does no harm: both copies hold
    the same events, whose runs start once.

    A message keeps its group. In a FIFO queue it keeps the order in it, too: if one cannot be sent, those
    behind it stay. It gets a new deduplication id there, as SQS silently drops a message with an id that it
    has seen within five minutes. The same dead letter always gets the same new id.

    Args:
        client: A boto3 SQS client.
        dead_letter_queue_url: The queue in which they were received.
        queue_url: The queue to which they go.
        messages: As received, those of a group in their order.

    Yields:
        The outcome for each message, as it becomes known.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses a call as a whole; the rest was not tried.
        botocore.exceptions.BotoCoreError: If SQS cannot be reached; the rest was not tried.
    """
    fifo, max_bytes = is_fifo(queue_url), max_message_bytes(client, queue_url)
    stopped: dict[str, str] = {}
    for wave in _one_of_each_group(messages) if fifo else [messages]:
        for batch in in_batches(wave):
            behind = [message for message in batch if fifo and _group(message) in stopped]
            for message in behind:
                yield Outcome(message, False, f"stays behind {stopped[_group(message)]}, of the same group")
            going = [message for message in batch if message not in behind]
            entries = {message: _entry(message, fifo, max_bytes) for message in going}
            unsent = send_messages(client, queue_url, entries)
            stopped |= {_group(message): message.identity for message in unsent}
            yield from (Outcome(message, False, fault) for message, fault in unsent.items())
            yield from _delete(
                client, dead_letter_queue_url, [message for message in going if message not in unsent]
            )


def _entry(message: Message, fifo: bool, max_bytes: int) -> Entry:
    entry: Entry = {
        "MessageBody": message.body,
        "MessageAttributes": sendable_attributes(message, {IDENTITY: message.identity}, max_bytes),
    }
    if fifo:
        entry["MessageGroupId"] = _group(message)
        entry["MessageDeduplicationId"] = f"redrive-{message.message_id}"
    elif message.group_id:
        entry["MessageGroupId"] = message.group_id
    return entry


def _delete(client: Any, queue_url: str, sent: Sequence[Message]) -> Iterator[Outcome]:
    try:
        undeleted: Failures = delete_messages(client, queue_url, sent)
    except Exception as error:
        yield from (Outcome(message, True, str(error)) for message in sent)
        raise
    yield from (Outcome(message, True, undeleted.get(message, "")) for message in sent)


def _one_of_each_group(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """Split into waves, each with at most one message of a group."""
    groups: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        groups[_group(message)].append(message)
    for place in range(max(map(len, groups.values()), default=0)):
        yield [group[place] for group in groups.values() if place < len(group)]


def _group(message: Message) -> str:
    """Return a message's group; one from a standard queue has no group and gets one of its own."""
    return message.attributes.get("MessageGroupId") or message.identity
