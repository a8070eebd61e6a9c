"""A queue, and the connection to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from airflow_provider_hybrid.sqs.url import endpoint_of, is_fifo, region_of


@dataclass(frozen=True)
class Queue:
    """An SQS queue, and the Airflow connection by which it is called.

    Args:
        url: The queue's URL.
        aws_conn_id: Airflow's AWS connection; None for the machine's own credentials.
        region_name: AWS region; None for the one in the queue's URL, else the connection's.
    """

    url: str
    aws_conn_id: str | None = "aws_default"
    region_name: str | None = None

    @property
    def is_fifo(self) -> bool:
        """True for a FIFO queue."""
        return is_fifo(self.url)

    @property
    def region(self) -> str | None:
        """The region that was named, else the one in the URL; None where only the connection knows it."""
        return self.region_name or region_of(self.url)

    @property
    def endpoint(self) -> str | None:
        """The endpoint that calls must go to; None where the region tells it."""
        return endpoint_of(self.url)

    @property
    def connection(self) -> str:
        """The words for the connection in a sentence."""
        return f"connection {self.aws_conn_id!r}" if self.aws_conn_id else "the machine's own AWS credentials"

    def another(self, url: str) -> Queue:
        """Return the queue with another URL, behind the same connection."""
        return replace(self, url=url)
