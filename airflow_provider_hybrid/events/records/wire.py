"""The format of the interceptor's messages, which the interceptor writes and Airflow's side reads."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

IDENTITY = "HybridMessageId"
"""The message attribute that carries a message's identity through the dead-letter queue and back.

The interceptor gives it to a message that it forwards unchanged, so that the message's events have the same
id at every try.
"""

SENT_AT = "HybridSentTimestamp"
"""The message attribute of a copy that says when its first message was sent, in milliseconds since 1970."""

COMPRESSED_BODY = "HybridCompressedBody"
"""The message attribute, of the type Binary, that holds the body of a message too large for its queue."""

MAX_BODY_BYTES = 4 * 1024 * 1024
"""The most bytes of a decompressed body.

A message of 1 MiB in which every quotation mark is escaped needs fewer. A decompression bomb needs more.
"""

NOT_IN_SQS = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""The characters that SQS refuses in a string: those that XML 1.0 does not allow.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
"""


def json_body(value: Any) -> str:
    """Write a value as JSON without spaces, in characters that SQS accepts."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return NOT_IN_SQS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def attributes_size(attributes: Mapping[str, Mapping[str, Any]]) -> int:
    """Return the bytes of message attributes as SQS counts them: name, type and value of each.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
    """
    return sum(
        len(name.encode())
        + sum(len(part if isinstance(part, bytes) else str(part).encode()) for part in value.values())
        for name, value in attributes.items()
    )


def compress(body: str) -> bytes:
    """Return the content of ``HybridCompressedBody``, in zlib's format."""
    return zlib.compress(body.encode())


def decompress(content: bytes) -> str:
    """Return the body that `compress` was given.

    Raises:
        ValueError: If the content is not a compressed text, or the text is larger than `MAX_BODY_BYTES`.
    """
    reader = zlib.decompressobj()
    try:
        body = reader.decompress(content, MAX_BODY_BYTES)
    except zlib.error:
        raise ValueError("it is not in zlib's format") from None
    if not reader.eof:
        raise ValueError(f"it is cut off, or larger than {MAX_BODY_BYTES} bytes")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
