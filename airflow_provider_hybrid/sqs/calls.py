"""The SQS calls on messages, in batches, with every ``Failed`` list read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.wire import attributes_size
from airflow_provider_hybrid.sqs.limits import MAX_BYTES

T = TypeVar("T")

BATCH = 10
"""The most entries in a batch call, and the most messages in a receive.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""

WITH_ALL_ATTRIBUTES = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}
"""Arguments of a receive: without its attributes a message loses its identity, its order and its trace."""

ATTEMPTS = 3
"""The most tries of an entry that fails through no fault of the caller."""

Entry = dict[str, Any]

Failures = dict[Message, str]
"""Messages for which a call failed, with SQS's code and text."""


def delete_messages(client: Any, queue_url: str, messages: Sequence[Message]) -> Failures:
    """Delete messages.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue.
        messages: As received from it.

    Returns:
        The messages that SQS did not delete, with its reasons.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses the call as a whole.
    """

    def entry(message: Message) -> Entry:
        return {"ReceiptHandle": message.receipt_handle}

    return _call(client.delete_message_batch, queue_url, messages, entry)


def return_messages(client: Any, queue_url: str, delays: Mapping[Message, int]) -> Failures:
    """Let messages come back, each after a delay of its own.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue.
        delays: Seconds from now for each message; 0 is at once.

    Returns:
        The messages whose visibility timeout stays as it was, with SQS's reasons.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses the call as a whole.
    """

    def entry(message: Message) -> Entry:
        return {"ReceiptHandle": message.receipt_handle, "VisibilityTimeout": delays[message]}

    return _call(client.change_message_visibility_batch, queue_url, list(delays), entry)


def send_messages(client: Any, queue_url: str, entries: Mapping[Message, Entry]) -> Failures:
    """Send messages, in batches within SQS's bounds on number and size.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue that they go to.
        entries: For each message its entry of ``SendMessageBatch``, without ``Id``; sent in this order.

    Returns:
        The messages that SQS did not take, with its reasons.

    Raises:
        botocore.exceptions.ClientError: If SQS refuses the call as a whole.
    """
    failures: Failures = {}
    for batch in _by_size(entries):
        failures |= _call(client.send_message_batch, queue_url, list(batch), batch.__getitem__)
    return failures


def reason_of(fault: Mapping[str, Any], message: Message) -> str:
    """Say in SQS's words why an entry failed, without the receipt handle, which SQS may repeat.

    Args:
        fault: An entry of an answer's ``Failed`` list.
        message: The message that it is about.
    """
    said = f"{fault['Code']}: {fault.get('Message', '')}"
    return said.replace(message.receipt_handle, "...") if message.receipt_handle else said


def _call(
    operation: Callable[..., Any],
    queue_url: str,
    messages: Sequence[Message],
    entry: Callable[[Message], Entry],
) -> Failures:
    failures: Failures = {}
    for batch in in_batches(messages):
        pending = {str(index): message for index, message in enumerate(batch)}
        for attempt in range(1, ATTEMPTS + 1):
            entries = [{"Id": key, **entry(message)} for key, message in pending.items()]
            faults = operation(QueueUrl=queue_url, Entries=entries).get("Failed", [])
            final = [fault for fault in faults if fault["SenderFault"] or attempt == ATTEMPTS]
            failures |= {pending[fault["Id"]]: reason_of(fault, pending[fault["Id"]]) for fault in final}
            pending = {fault["Id"]: pending[fault["Id"]] for fault in faults if fault not in final}
            if not pending:
                break
    return failures


def _by_size(entries: Mapping[Message, Entry]) -> list[dict[Message, Entry]]:
    """Split entries so that each batch keeps SQS's bound on the bytes of a call."""
    batches: list[dict[Message, Entry]] = []
    room = 0
    for message, entry in entries.items():
        size = len(entry["MessageBody"].encode()) + attributes_size(entry["MessageAttributes"])
        if not batches or size > room:
            batches.append({})
            room = MAX_BYTES
        batches[-1][message] = entry
        room -= size
    return batches


def is_burst(received: Sequence[object]) -> bool:
    """Say whether more messages came at once than one receive brings; the sender may then send more."""
    return len(received) > BATCH


def in_batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Split into batches of at most ten."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
