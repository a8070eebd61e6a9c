"""A message whose body the interceptor compressed, as it was too large for the queue."""

from __future__ import annotations

import base64
from dataclasses import replace

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.wire import COMPRESSED_BODY, decompress
from airflow_provider_hybrid.exceptions import MessageParseError


def decompressed(message: Message) -> Message:
    """Return the message with the body that it would have had in a queue with more room.

    Raises:
        MessageParseError: If what should be a compressed body is none.
    """
    attribute = message.message_attributes.get(COMPRESSED_BODY)
    if attribute is None:
        return message
    others = {name: value for name, value in message.message_attributes.items() if name != COMPRESSED_BODY}
    try:
        body = decompress(base64.b64decode(attribute["BinaryValue"], validate=True))
    except (KeyError, TypeError):
        raise MessageParseError(f"the message attribute {COMPRESSED_BODY} is not binary") from None
    except ValueError as error:
        raise MessageParseError(f"the message attribute {COMPRESSED_BODY} cannot be read: {error}") from None
    return replace(message, body=body, message_attributes=others)
