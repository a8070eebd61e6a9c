"""Texts that people write in the place of a queue's URL, and the URL that they mean."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit

from airflow_provider_hybrid.config.wrong import WrongValueError
from airflow_provider_hybrid.sqs.aws_host import aws_host, default_host

_QUEUE_URL = re.compile(r"https?://[A-Za-z0-9._:\[\]-]+/[!-~]*[^/]/?")
_PATH = re.compile(r"/[^/]+/[A-Za-z0-9_-]+(\.fifo)?/?")
_AROUND = "\"'`<>\ufeff\u200b\u200c\u200d\u2060"
"""Characters that people copy along with a URL, beside white space."""

_CONSOLE = re.compile(r"(^|\.)console\.(aws|amazonaws)\b")
_URL_INSIDE = re.compile(r"https?://[^\s;&]+")

LOOKS_LIKE = "https://sqs.<region>.amazonaws.com/<account id>/<queue name>"


def check_queue_url(text: str) -> None:
    """Refuse a text that should be a queue's URL and is none, and write the right URL if it is known.

    Args:
        text: The text, as somebody wrote it.

    Raises:
        WrongValueError: If it is none.
    """
    if fault := _fault(text):
        raise WrongValueError(*fault)


def _fault(text: str) -> tuple[str, str] | None:
    bare = _bare(text)
    if bare.startswith("arn:"):
        return "is an ARN, not a queue URL", _fix(_of_arn(bare))
    address = _split(bare)
    if address and (address.fragment or _CONSOLE.search(address.hostname or "")):
        return "is the address of a web page, not a queue URL", _fix(_inside(bare))
    if bare != text:
        return "has white space, quotes or invisible characters around it", _fix(bare)
    if "://" not in text and _is_right(f"https://{text}"):
        return "has no 'https://' before it", _fix(f"https://{text}")
    if not _is_right(text):
        return "is no queue URL", _fix(None)
    return None


def _is_right(text: str) -> bool:
    address = _split(text)
    if not address or not _QUEUE_URL.fullmatch(text) or not address.hostname:
        return False
    of_aws = aws_host(address.hostname) is not None
    return not (address.query or address.fragment) and (not of_aws or bool(_PATH.fullmatch(address.path)))


def _fix(url: str | None) -> str:
    if url and _fault(url) is None:
        return f"write {url!r}"
    return f"it looks like {LOOKS_LIKE}, and `aws sqs get-queue-url --queue-name <queue name>` prints it"


def _bare(text: str) -> str:
    before = None
    while text != before:
        before, text = text, text.strip().strip(_AROUND)
    return text


def _of_arn(arn: str) -> str | None:
    """Make the URL out of ``arn:partition:sqs:region:account:name``."""
    match arn.split(":"):
        case [_, _, "sqs", region, account, name] if host := default_host(region):
            return f"https://{host}/{account}/{name}"
    return None


def _inside(address: str) -> str | None:
    """Find the queue's URL in the console's address, which has it encoded behind the '#'."""
    _, _, place = address.partition("#")
    found = _URL_INSIDE.search(unquote(unquote(place)))
    return found[0].split("#")[0].rstrip("/") if found and place else None


def _split(text: str) -> SplitResult | None:
    try:
        address = urlsplit(text)
        _ = address.hostname, address.port
    except ValueError:
        return None
    return address
