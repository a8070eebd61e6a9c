"""Facts that a queue's URL tells: name, region, endpoint, kind."""

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
    """Return the endpoint that calls on a queue must go to, if the region does not tell it.

    AWS's libraries take no notice of the host in a queue's URL. A queue that is reached by a VPC endpoint,
    by FIPS or dual-stack hosts would be called at the region's public host.

    Returns:
        The endpoint's URL if the host is one of AWS's own and not the region's default, else None.
    """
    address = urlsplit(queue_url)
    host = aws_host(address.hostname or "")
    return None if host is None or host.is_default else f"https://{address.netloc}"


def queue_identity(queue_url: str) -> tuple[str | None, ...]:
    """Return what all URLs of one queue, perhaps spelled differently, have in common.

    AWS knows a queue by region, account and name, by whatever host it is called. For other hosts only the
    path counts: AWS's libraries ignore the host in a queue's URL, so one client calls both.
    """
    return region_of(queue_url), *urlsplit(queue_url).path.rstrip("/").split("/")[-2:]


def is_same_queue(queue_url: str, other_url: str) -> bool:
    """Say whether two URLs lead to one queue."""
    return queue_identity(queue_url) == queue_identity(other_url)


def is_fifo(queue_url: str) -> bool:
    """Say whether it is a FIFO queue, whose name ends with ``.fifo``."""
    return queue_name(queue_url).endswith(".fifo")


def without_credentials(text: str) -> str:
    """Return a text with the user and password taken out of every URL in it."""
    return _USER.sub("//***@", text)
