"""What a queue's URL tells."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from airflow_provider_hybrid.sqs.aws_host import aws_host

_USER = re.compile(r"//[^'\"\n]*@")


def queue_name(queue_url: str) -> str:
    """Return the queue's name, the last part of its URL."""
    return queue_url.rstrip("/").rsplit("/", 1)[-1]


def region_of(queue_url: str) -> str | None:
    """Return the region in a queue's URL, or None if its host is not one of AWS's own."""
    host = aws_host(urlsplit(queue_url).hostname or "")
    return host.region if host else None


def endpoint_of(queue_url: str) -> str | None:
    """Return the endpoint that calls on a queue must go to, where the region does not tell it.

    AWS's libraries take no notice of the host in a queue's URL. A queue that is reached by a VPC endpoint,
    by FIPS or dual-stack hosts would be called at the region's public host.

    Returns:
        The endpoint's URL if the host is one of AWS's own and not the region's default, else None.
    """
    address = urlsplit(queue_url)
    host = aws_host(address.hostname or "")
    return None if host is None or host.is_default else f"https://{address.netloc}"


def is_same_queue(queue_url: str, other_url: str) -> bool:
    """Say whether two URLs, perhaps spelled differently, lead to one queue.

    AWS knows a queue by region, account and name, whatever host it is reached by. Of anything else only the
    path counts: whatever the hosts are called, one client calls both.
    """
    return _queue(queue_url) == _queue(other_url)


def is_fifo(queue_url: str) -> bool:
    """Say whether it is a FIFO queue, which SQS tells by the name."""
    return queue_name(queue_url).endswith(".fifo")


def without_credentials(text: str) -> str:
    """Return a text with the user and password taken out of every URL in it."""
    return _USER.sub("//***@", text)


def _queue(queue_url: str) -> tuple[str | None, list[str]]:
    return region_of(queue_url), urlsplit(queue_url).path.rstrip("/").split("/")[-2:]
