"""AWS as the dispatcher's tasks see it: through Airflow's connection."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import Any

from airflow_provider_hybrid.compat.installation import connections_from_database
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.exceptions import HybridError
from airflow_provider_hybrid.sqs import client


def client_of(config: DispatcherConfig) -> Any:
    """Return a boto3 SQS client with the connection and the region that a configuration names."""
    with connections_from_database():
        return client.open_client(config.queue)


def has_connection(config: DispatcherConfig) -> bool:
    """Say whether Airflow has the connection that a configuration names, if it names one."""
    with connections_from_database():
        return client.is_known(config.queue)


@contextmanager
def airflow_is_quiet() -> Iterator[None]:
    """Keep Airflow's log lines off standard output, which is for the answer; show them after an error."""
    log = StringIO()
    try:
        with redirect_stdout(log):
            yield
    except HybridError:
        sys.stderr.write(log.getvalue())
        raise
