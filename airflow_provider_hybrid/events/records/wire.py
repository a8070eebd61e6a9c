"""How the interceptor writes a message, and how Airflow's side reads it.

The interceptor carries this file with it, so it needs Python's library alone.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import Any

IDENTITY = "HybridMessageId"
"""The message attribute that carries a message's identity through the dead-letter queue and back.

The interceptor gives it to what leaves as it came, so that its events have the same id at every try.
"""

COMPRESSED_BODY = "HybridCompressedBody"
"""The message attribute, of the type Binary, that holds the body of a message too large for its queue."""

MAX_BODY_BYTES = 4 * 1024 * 1024
"""Of a body once it is decompressed.

It leaves room for a message of 1 MiB whose every quotation mark is escaped, and none for a bomb.
"""

NOT_IN_SQS = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What SQS refuses in a string (it takes the characters of XML 1.0).

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
"""


def json_body(value: Any) -> str:
    """Write a value as JSON: no longer than it has to be, and with characters that SQS takes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return NOT_IN_SQS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def compress(body: str) -> bytes:
    """Return the content of ``HybridCompressedBody``, in zlib's format."""
    return zlib.compress(body.encode())


def decompress(content: bytes) -> str:
    """Return the body that `compress` was given.

    Raises:
        ValueError: If it is none, or larger than `MAX_BODY_BYTES`.
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
