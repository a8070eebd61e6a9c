"""A first look at a queue: does it answer, and what may we do with it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from airflow_provider_hybrid.cli.doctor.finding import Finding
from airflow_provider_hybrid.cli.doctor.rights import check_rights, is_denied
from airflow_provider_hybrid.config import DispatcherConfig


class Look(NamedTuple):
    """What was seen.

    Args:
        exists: Whether there is such a queue, and SQS knows who we are.
        attributes: The queue's, empty if we may not read them.
        findings: What to say about it.
    """

    exists: bool
    attributes: Mapping[str, str]
    findings: list[Finding]


def look(client: Any, queue_url: str, name: str, config: DispatcherConfig) -> Look:
    """Ask for a queue's attributes, and try our rights.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue.
        name: What to call it.
        config: The dispatcher's configuration.
    """
    # `hybrid` alone need not wait for AWS's library.
    from botocore.exceptions import BotoCoreError, ClientError

    from airflow_provider_hybrid.queues.errors import explain, in_short

    connection = f"connection {config.aws_conn_id!r}" if config.aws_conn_id else "the machine's credentials"
    attributes: Mapping[str, str] = {}
    try:
        answer = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
        attributes = answer["Attributes"]
    except (BotoCoreError, ClientError, OSError) as error:
        if not is_denied(error):
            mend = explain(error, queue_url, config.aws_conn_id)
            return Look(False, {}, [Finding(name, "fault", in_short(error), mend)])
    rights = list(check_rights(client, queue_url, name, connection))
    return Look(True, attributes, [Finding(name, "fine", f"{queue_url} answers {connection}"), *rights])
