"""What a queue's URL tells."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_AWS_HOST = re.compile(
    r"^(?:sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?|([a-z0-9-]+)\.queue\.amazonaws\.com)$"
)


_USER = re.compile(r"//[^'\"\n]*@")


def queue_name(queue_url: str) -> str:
    """Return the queue's name, the last part of its URL."""
    return queue_url.rstrip("/").rsplit("/", 1)[-1]


def region_of(queue_url: str) -> str | None:
    """Return the region in a queue's URL, or None if it is not one of AWS's own hosts.

    https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
    """
    match = _AWS_HOST.match(urlsplit(queue_url).hostname or "")
    return (match[1] or match[2]) if match else None


def is_fifo(queue_url: str) -> bool:
    """Say whether it is a FIFO queue, which SQS tells by the name."""
    return queue_name(queue_url).endswith(".fifo")


def without_credentials(text: str) -> str:
    """Return a text with the user and password taken out of every URL in it."""
    return _USER.sub("//***@", text)
