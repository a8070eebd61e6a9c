"""Messages in a file, one a line, so that they can be looked at and sent again."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.wire import IDENTITY
from airflow_provider_hybrid.exceptions import HybridError


def save(file: Path, messages: Sequence[Message]) -> None:
    """Write messages into a new file, each in the form in which `aws sqs receive-message` prints it.

    Each has its identity as a message attribute, so that its events keep their ids when somebody sends it.

    Args:
        file: The file.
        messages: As received.

    Raises:
        HybridError: If the file cannot be written, or if it exists; then nothing is written.
    """
    try:
        with file.open("x", encoding="utf-8") as lines:
            for message in messages:
                lines.write(f"{json.dumps(_received(message))}\n")
            # They may be deleted from the queue the next moment.
            lines.flush()
            os.fsync(lines.fileno())
    except FileExistsError:
        raise HybridError(f"{file} exists, and is not overwritten", "Name another file") from None
    except OSError as error:
        raise HybridError(f"{file} cannot be written: {error.strerror}", "Name another file") from None


def _received(message: Message) -> dict[str, object]:
    identity = {"DataType": "String", "StringValue": message.identity}
    return {
        "MessageId": message.message_id,
        "ReceiptHandle": message.receipt_handle,
        "Body": message.body,
        "Attributes": dict(message.attributes),
        "MessageAttributes": {**message.message_attributes, IDENTITY: identity},
    }
