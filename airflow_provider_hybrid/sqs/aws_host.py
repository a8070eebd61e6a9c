"""AWS's own hosts of SQS, by the partitions, regions and suffixes that botocore knows."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

_HOST = re.compile(
    r"(?:(?P<endpoint>[a-z0-9-]+\.)(?=.*\.vpce\.))?"
    r"(?:(?P<service>sqs|sqs-fips)\.(?P<region>[a-z0-9-]+)(?P<vpce>\.vpce)?"
    r"|(?:(?P<legacy_region>[a-z0-9-]+)\.)?queue)"
    r"\.(?P<suffix>[a-z0-9.-]+)"
)
"""A host that AWS's documents name.

- https://docs.aws.amazon.com/general/latest/gr/sqs-service.html: ``sqs.``, ``sqs-fips.`` and the legacy hosts
- https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-internetwork-traffic-privacy.html:
  ``vpce-0a1b.sqs.us-east-1.vpce.amazonaws.com``
"""

_LEGACY_REGION = "us-east-1"
"""The region of ``queue.amazonaws.com``, the one host without a region in it."""


class AwsHost(NamedTuple):
    """A host of SQS that belongs to AWS.

    Args:
        region: Its AWS region.
        is_default: Whether an SQS client for that region calls this host's endpoint, or one that serves the
            same (a legacy host). A VPC endpoint, FIPS and dual-stack are others.
    """

    region: str
    is_default: bool


def aws_host(host: str) -> AwsHost | None:
    """Read a host's name; None if it is not one of AWS's for SQS.

    Args:
        host: In lower case, without a port.
    """
    match = _HOST.fullmatch(host)
    if not match:
        return None
    region = match["region"] or match["legacy_region"] or _LEGACY_REGION
    for partition in _partitions():
        suffix, dual_stack = partition["outputs"]["dnsSuffix"], partition["outputs"]["dualStackDnsSuffix"]
        if not (region in partition["regions"] or re.match(partition["regionRegex"], region)):
            continue
        if match["suffix"] == suffix:
            return AwsHost(region, not match["vpce"] and match["service"] != "sqs-fips")
        if match["suffix"] == dual_stack and match["service"] and not match["vpce"]:
            return AwsHost(region, is_default=False)
    return None


def default_host(region: str) -> str | None:
    """Return the host that an SQS client for a region calls; None for a region of no known partition."""
    for partition in _partitions():
        if region in partition["regions"] or re.match(partition["regionRegex"], region):
            return f"sqs.{region}.{partition['outputs']['dnsSuffix']}"
    return None


@lru_cache
def _partitions() -> list[dict[str, Any]]:
    """Return AWS's partitions, from the file that botocore's clients find their endpoints with.

    Only the file is read: botocore's own reader takes a third of a second to import.
    """
    text = (files("botocore") / "data" / "partitions.json").read_text(encoding="utf-8")
    partitions: list[dict[str, Any]] = json.loads(text)["partitions"]
    return partitions
