"""A first look at a queue: does it answer, and what may we do with it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from airflow_provider_hybrid.cli.doctor.finding import Finding
from airflow_provider_hybrid.cli.doctor.rights import check_rights
from airflow_provider_hybrid.cli.doctor.trouble import finding_of
from airflow_provider_hybrid.sqs.queue import Queue


class Look(NamedTuple):
    """The result of a look at a queue.

    Args:
        exists: Whether there is such a queue, and SQS knows who we are.
        attributes: The queue's attributes; empty if we may not read them.
        findings: The findings about it.
    """

    exists: bool
    attributes: Mapping[str, str]
    findings: list[Finding]


def look(client: Any, queue: Queue, name: str) -> Look:
    """Ask for a queue's attributes, and try our rights.

    Args:
        client: A boto3 SQS client.
        queue: The queue.
        name: Its name in the findings.
    """
    # Imported here: `hybrid --help` need not wait for AWS's library.
    from airflow_provider_hybrid.sqs.errors import AWS_ERRORS

    try:
        attributes = _attributes(client, queue.url)
        rights = list(check_rights(client, queue.url, name, queue.connection))
    except AWS_ERRORS as error:
        return Look(False, {}, [finding_of(error, name, queue)])
    answers = Finding(name, "fine", f"{queue.url} answers {queue.connection}")
    return Look(True, attributes, [answers, *rights])


def _attributes(client: Any, queue_url: str) -> Mapping[str, str]:
    """Return a queue's attributes; none if we may not read them."""
    from botocore.exceptions import ClientError

    from airflow_provider_hybrid.sqs.errors import is_denied

    try:
        answer = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
    except ClientError as error:
        if is_denied(error):
            return {}
        raise
    attributes: Mapping[str, str] = answer["Attributes"]
    return attributes
