"""AWS as the dispatcher's tasks see it: through Airflow's connection."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import Any

from airflow_provider_hybrid.compat import connections_from_database
from airflow_provider_hybrid.config import DispatcherConfig
from airflow_provider_hybrid.exceptions import HybridError
from airflow_provider_hybrid.queues.url import region_of


def open_client(config: DispatcherConfig) -> Any:
    """Return a boto3 SQS client with the connection and the region that a configuration names."""
    # It takes seconds to import.
    from airflow.providers.amazon.aws.hooks.sqs import SqsHook

    region_name = config.region_name or region_of(config.queue_url)
    with connections_from_database():
        return SqsHook(aws_conn_id=config.aws_conn_id, region_name=region_name).get_conn()


@contextmanager
def airflow_is_quiet() -> Iterator[None]:
    """Keep what Airflow logs off standard output, which is for the answer; show it if something is wrong."""
    log = StringIO()
    try:
        with redirect_stdout(log):
            yield
    except HybridError:
        sys.stderr.write(log.getvalue())
        raise
