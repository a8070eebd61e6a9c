"""A first look at a queue: does it answer, and what may we do with it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from airflow_provider_hybrid.cli.doctor.finding import Finding
from airflow_provider_hybrid.cli.doctor.rights import check_rights
from airflow_provider_hybrid.config.models import DispatcherConfig


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


def look(client: Any, queue_url: str, name: str, config: DispatcherConfig) -> Look:
    """Ask for a queue's attributes, and try our rights.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue.
        name: Its name in the findings.
        config: The dispatcher's configuration.
    """
    # Imported here: `hybrid --help` need not wait for AWS's library.
    from airflow_provider_hybrid.sqs.errors import AWS_ERRORS, explain, in_short

    connection = config.queue.connection
    try:
        attributes = _attributes(client, queue_url)
        rights = list(check_rights(client, queue_url, name, connection))
    except AWS_ERRORS as error:
        mend = explain(error, config.queue.another(queue_url))
        return Look(False, {}, [Finding(name, "fault", in_short(error), mend)])
    return Look(True, attributes, [Finding(name, "fine", f"{queue_url} answers {connection}"), *rights])


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
