"""The way to SQS: an Airflow connection, in the queue's region, to the host that its URL names."""

from __future__ import annotations

import os
from typing import Any

from airflow_provider_hybrid.queues.url import endpoint_of, region_of

ATTEMPTS = 10
"""How often a task tries a call; with botocore's growing pauses that outlasts a minute of trouble, about.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

ENDPOINT_VARIABLES = ("AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL")
"""Environment variables that name an endpoint for every client.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
"""


def open_client(
    queue_url: str,
    aws_conn_id: str | None,
    region_name: str | None,
    *,
    asynchronous: bool = False,
    **config: Any,
) -> Any:
    """Make a client with the amazon provider's hook.

    The hook's own `get_conn` adds the calling operator to the user agent, which it looks for in the sources
    of all modules; that takes as long as all the rest.

    Calls go to the endpoint that the connection sets, else to the one that the environment sets
    (`ENDPOINT_VARIABLES`), else to the host in the queue's URL where it is a VPC endpoint, a FIPS or a
    dual-stack host, else to the region's own.

    Args:
        queue_url: The queue.
        aws_conn_id: Airflow's AWS connection; None for the machine's own credentials.
        region_name: AWS region; None for the one in the queue's URL, else the connection's.
        asynchronous: Return a context manager that gives an aiobotocore client, instead of a boto3 client.
        config: Arguments of `botocore.config.Config`, over the connection's own.
    """
    # AWS's libraries take long to import, and whoever only parses a DAG file never calls AWS.
    from airflow.providers.amazon.aws.hooks.sqs import SqsHook
    from botocore.config import Config

    hook = SqsHook(aws_conn_id=aws_conn_id, region_name=region_name or region_of(queue_url))
    endpoint_url = hook.conn_config.get_service_endpoint_url(service_name="sqs")
    if not endpoint_url and not any(map(os.environ.get, ENDPOINT_VARIABLES)):
        endpoint_url = endpoint_of(queue_url)
    arguments = {
        "endpoint_url": endpoint_url,
        "config": (hook.config or Config()).merge(Config(**config)),
        "verify": hook.verify,
    }
    if asynchronous:
        return hook.get_session(deferrable=True).create_client("sqs", **arguments)
    return hook.get_session().client("sqs", **arguments)


def open_patient_client(queue_url: str, aws_conn_id: str | None, region_name: str | None) -> Any:
    """Make a boto3 client for a task, which may wait out trouble; arguments as for `open_client`."""
    retries = {"total_max_attempts": ATTEMPTS, "mode": "standard"}
    return open_client(queue_url, aws_conn_id, region_name, retries=retries)
