"""The SQS clients of views: one for all queues behind a connection, as each takes 8 MiB of memory."""

from __future__ import annotations

import time
from threading import Lock
from typing import Any

from airflow_provider_hybrid.sqs.client import open_client
from airflow_provider_hybrid.sqs.queue import Queue

HASTE: dict[str, Any] = {"connect_timeout": 3, "read_timeout": 5, "retries": {"total_max_attempts": 1}}
"""Botocore's settings for somebody who waits for the answer."""

LIFE = 60
"""Seconds for which a client is used. Then a change of the connection takes effect."""

_Key = tuple[str | None, ...]

_clients: dict[_Key, tuple[float, Any]] = {}
_lock = Lock()


def client_of(queue: Queue) -> Any:
    """Return a boto3 SQS client for a queue. Several threads may use it at once.

    Args:
        queue: The queue.

    Raises:
        QueueError: If the connection's settings cannot be used.
        botocore.exceptions.BotoCoreError: If botocore refuses it, or AWS cannot be reached for a role.
        botocore.exceptions.ClientError: If AWS refuses a role.
    """
    key: _Key = (queue.aws_conn_id, queue.region, queue.endpoint)
    now = time.monotonic()
    with _lock:
        for other, (opened_at, _) in list(_clients.items()):
            if now - opened_at > LIFE:
                del _clients[other]
        if key not in _clients:
            _clients[key] = now, open_client(queue, **HASTE)
        return _clients[key][1]
