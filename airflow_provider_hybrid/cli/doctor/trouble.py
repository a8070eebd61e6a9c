"""An error of AWS or of the connection, as the doctor tells it."""

from __future__ import annotations

from airflow_provider_hybrid.cli.doctor.finding import Finding
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.sqs.queue import Queue

ANYTHING = (
    "Look whether this machine reaches SQS: the network, a proxy, the region, the extra's 'endpoint_url'"
)
"""What to do about an error that names no setting."""


def finding_of(error: Exception, check: str, queue: Queue) -> Finding:
    """Say in plain words what an error means, and apart from it what to do.

    Args:
        error: A `QueueError`, or one of `AWS_ERRORS`.
        check: The thing that was checked.
        queue: The queue that was called.
    """
    # Imported here: `hybrid --help` need not wait for AWS's library.
    from airflow_provider_hybrid.sqs.errors import diagnose

    if isinstance(error, QueueError):
        return Finding(check, "fault", error.found, error.mend or ANYTHING)
    found, mend = diagnose(error, queue)
    return Finding(check, "fault", found, mend or ANYTHING)
