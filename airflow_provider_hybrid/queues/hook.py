"""The way to SQS: an Airflow connection, in the queue's region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_hybrid.queues.url import region_of

if TYPE_CHECKING:
    from airflow.providers.amazon.aws.hooks.sqs import SqsHook

ATTEMPTS = 10
"""How often a task tries a call; with botocore's growing pauses that outlasts a minute of trouble, about.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""


def sqs_hook(queue_url: str, aws_conn_id: str | None, region_name: str | None, **config: Any) -> SqsHook:
    """Make the amazon provider's hook for a queue.

    Args:
        queue_url: The queue.
        aws_conn_id: Airflow's AWS connection; None for the machine's own credentials.
        region_name: AWS region; None for the one in the queue's URL, else the connection's.
        config: Arguments of `botocore.config.Config`, where the connection's are not enough.
    """
    # AWS's libraries take long to import, and whoever only parses a DAG file never calls AWS.
    from airflow.providers.amazon.aws.hooks.sqs import SqsHook
    from botocore.config import Config

    return SqsHook(
        aws_conn_id=aws_conn_id,
        region_name=region_name or region_of(queue_url),
        config=Config(**config) if config else None,
    )


def patient_client(queue_url: str, aws_conn_id: str | None, region_name: str | None) -> Any:
    """Make a boto3 client for a task, which may wait out trouble; arguments as for `sqs_hook`."""
    retries = {"total_max_attempts": ATTEMPTS, "mode": "standard"}
    return sqs_hook(queue_url, aws_conn_id, region_name, retries=retries).get_conn()
