"""S3 and SQS over HTTP, by MiniStack, an emulator that runs as one process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import httpx
from botocore.config import Config

from tests.harness.environment import PROJECT, clean_environ
from tests.harness.ports import HOST, free_port
from tests.harness.process import Process
from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from pathlib import Path

REGION = "us-east-1"
ACCESS_KEY = "test"
SECRET_KEY = "test"  # noqa: S105  (the emulator's root user)
_PROGRAM = PROJECT / ".ministack" / "bin" / "ministack"


class MiniStack:
    """An AWS of one's own on a free port; empty whenever it starts."""

    def __init__(self, home: Path, **environ: str) -> None:
        """Choose a port; ``start`` starts the server.

        Args:
            home: Directory for its data and its log.
            environ: Further settings, such as ``AUTH="true"`` to enforce IAM and queue policies.
        """
        port = free_port()
        self.endpoint_url = f"http://{HOST}:{port}"
        self.process = Process(
            "ministack",
            [_PROGRAM],
            log=home / "ministack.log",
            environ=clean_environ(
                BIND_HOST=HOST,
                GATEWAY_PORT=str(port),
                MINISTACK_HOST=HOST,
                MINISTACK_REGION=REGION,
                IOT_MTLS_ENABLED="0",
                S3_DATA_DIR=str(home / "s3"),
                STATE_DIR=str(home / "state"),
                TMPDIR=str(home),
                **environ,
            ),
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.process.start()
        wait_until(self._answers, 30, f"MiniStack at {self.endpoint_url}", every=0.1)

    def stop(self) -> None:
        """Stop the server, and lose its data."""
        # It would wait for long polls to end.
        self.process.stop(grace=1)

    def client(self, service: str) -> Any:
        """Return a boto3 client of ``service`` ("s3", "sqs", ...) with all rights."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint_url,
            region_name=REGION,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(proxies={}, retries={"max_attempts": 5}),
        )

    @property
    def environ(self) -> dict[str, str]:
        """The variables by which AWS's programs and libraries find this server, with all rights."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        }

    def airflow_connection(self, **changes: Any) -> str:
        """Return the JSON of an Airflow connection to this server.

        Args:
            changes: Fields to replace, such as ``password``.
        """
        connection = {
            "conn_type": "aws",
            "login": ACCESS_KEY,
            "password": SECRET_KEY,
            "extra": {"endpoint_url": self.endpoint_url, "region_name": REGION},
        }
        return json.dumps({**connection, **changes})

    def _answers(self) -> bool:
        self.process.check()
        try:
            answer = httpx.get(f"{self.endpoint_url}/_ministack/health", trust_env=False)
        except httpx.TransportError:
            return False
        return answer.is_success
