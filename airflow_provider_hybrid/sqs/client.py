"""Clients for SQS: by an Airflow connection, in the queue's region, to the host that its URL names."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from typing import Any

from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.url import without_credentials

ATTEMPTS = 10
"""The most tries of a task's call; with botocore's growing pauses, they outlast about a minute of trouble.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

ENDPOINT_VARIABLES = ("AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL")
"""Environment variables that name an endpoint for every client.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
"""


def open_client(
    queue: Queue,
    *,
    asynchronous: bool = False,
    **config: Any,
) -> Any:
    """Make a client with the amazon provider's hook.

    It does not call the hook's own `get_conn`: to name the calling operator in the user agent, that searches
    the sources of all modules, which takes as long as all the rest.

    Calls go to the endpoint that the connection sets, else to the one that the environment sets
    (`ENDPOINT_VARIABLES`), else to the host in the queue's URL where it is a VPC endpoint, a FIPS or a
    dual-stack host, else to the region's own.

    Args:
        queue: The queue to call.
        asynchronous: Return a context manager that gives an aiobotocore client, instead of a boto3 client.
        config: Arguments of `botocore.config.Config`; they override the connection's own.

    Raises:
        QueueError: If the connection's settings cannot be used.
        botocore.exceptions.BotoCoreError: If botocore refuses it, or AWS cannot be reached for a role.
        botocore.exceptions.ClientError: If AWS refuses a role.
    """
    # Imported here: AWS's libraries take long, and a process that only parses DAG files never calls AWS.
    from airflow.providers.amazon.aws.hooks.sqs import SqsHook
    from botocore.config import Config

    ours = Config(**config)
    with _usable(queue.aws_conn_id):
        hook = SqsHook(aws_conn_id=queue.aws_conn_id, region_name=queue.region)
        endpoint_url = hook.conn_config.get_service_endpoint_url(service_name="sqs")
        if not endpoint_url and not any(map(os.environ.get, ENDPOINT_VARIABLES)):
            endpoint_url = queue.endpoint
        arguments = {
            "endpoint_url": endpoint_url,
            "config": (hook.config or Config()).merge(ours),
            "verify": hook.verify,
        }
        if not asynchronous:
            return hook.get_session().client("sqs", **arguments)
        client = hook.get_session(deferrable=True).create_client("sqs", **arguments)
    return _open(client, queue.aws_conn_id)


def is_known(queue: Queue) -> bool:
    """Say whether Airflow has the connection; the hook takes the machine's own credentials where it has not.

    True for a queue that names no connection. False also if Airflow's database does not answer.
    """
    # Imported here for the reason that `open_client` has.
    from airflow.exceptions import AirflowNotFoundException  # type: ignore[attr-defined]  # it has it
    from airflow.providers.amazon.aws.hooks.sqs import SqsHook

    if not queue.aws_conn_id:
        return True
    try:
        with _usable(queue.aws_conn_id):
            SqsHook.get_connection(queue.aws_conn_id)
    except QueueError as error:
        # Whatever else is wrong with it shows when it is used.
        return not isinstance(error.__cause__, AirflowNotFoundException)
    return True


def open_patient_client(queue: Queue) -> Any:
    """Make a boto3 client for a task, which may wait out trouble; arguments as for `open_client`."""
    retries = {"total_max_attempts": ATTEMPTS, "mode": "standard"}
    return open_client(queue, retries=retries)


@asynccontextmanager
async def _open(client: Any, aws_conn_id: str | None) -> AsyncIterator[Any]:
    """Open an aiobotocore client, which reads its settings only then."""
    async with AsyncExitStack() as stack:
        with _usable(aws_conn_id):
            opened = await stack.enter_async_context(client)
        yield opened


@contextmanager
def _usable(aws_conn_id: str | None) -> Iterator[None]:
    """Name the connection in the error if Airflow's hook or botocore cannot use its settings.

    They raise errors of any class, for example an AttributeError for an extra that is a list. So only their
    code may run in the block.

    Raises:
        QueueError: If the connection cannot be used.
    """
    from airflow_provider_hybrid.sqs.errors import AWS_ERRORS

    try:
        yield
    except (*AWS_ERRORS, ImportError):
        raise
    except Exception as error:
        said = without_credentials(f"{type(error).__name__}: {error}")
        if aws_conn_id:
            where = f"Connection {aws_conn_id!r}", f"its extra: airflow connections get {aws_conn_id}"
        else:
            where = "The machine's own AWS settings", "~/.aws/config and the AWS_ variables"
        raise QueueError(f"{where[0]} cannot be used: {said}", f"Look at {where[1]}") from error


class InThreads:
    """Runs each call of a boto3 client in a thread, so that several can run at once.

    A task that deletes messages needs boto3 anyway; importing aiobotocore too would take as long again.

    Args:
        client: The boto3 client. Clients may be used by several threads at once
            (https://boto3.amazonaws.com/v1/documentation/api/latest/guide/clients.html).
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, operation: str) -> Callable[..., Awaitable[Any]]:
        """Return an operation of the client, to be awaited."""
        return partial(asyncio.to_thread, getattr(self._client, operation))
