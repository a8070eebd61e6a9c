"""The demo that is left running: where its parts are, and what to try with them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from airflow_provider_hybrid.compat.task import has_pages
from tests.demo.world import DISPATCHER
from tests.harness.airflow import EVENTS_PAGE, USER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.demo.play import Play

ENVIRONMENT = "env.sh"
"""The file to source, in the demo's folder."""

ORDERS = "orders.csv"
"""A file to upload, beside it."""

DAY = "2026-12-01"
"""A day for which no partner has delivered anything yet."""


def write_files(home: Path, end: Play) -> None:
    """Write the file to source, and one to upload."""
    script = home / ENVIRONMENT
    script.touch(mode=0o600)  # Airflow's secrets are in it
    script.write_text(environment({**end.airflow.environ, **end.ministack.environ}))
    (home / ORDERS).write_bytes(end.outcome.world.deliveries[0].body)


def environment(variables: Mapping[str, str]) -> str:
    """Return a shell script that gives its shell the demo's Airflow and AWS, and no others."""
    ours = {
        name: value
        for name, value in variables.items()
        if name == "PATH" or name.startswith(("AIRFLOW", "AWS_"))
    }
    lines = [f"export {name}={shlex.quote(value)}" for name, value in sorted(ours.items())]
    return "\n".join(["# `hybrid`, `airflow` and `aws` work on the demo, while it runs.", *lines, ""])


def paragraphs(home: str, end: Play) -> Iterator[str]:
    """Say where all is, and what to try in the first minute.

    Args:
        home: The folder of the demo, as it is written in a command.
        end: The end of the play.
    """
    airflow, bucket = end.airflow, end.outcome.world.deliveries[0].bucket
    yield "\n".join(
        [
            f"Airflow      {airflow.base_url}  (user: {USER}, password: {airflow.password})",
            *([f"its Events   {airflow.base_url}{EVENTS_PAGE}"] if has_pages() else []),
            f"S3 and SQS   {end.ministack.endpoint_url}",
            f"the queue    {end.cloud.queue_url}",
            f"dead letters {end.cloud.dead_letter_queue_url}",
        ]
    )
    yield "\n".join(
        [
            "Try it, in another terminal. An upload starts a run, and `hybrid send` follows it:",
            "",
            f"  . {home}/{ENVIRONMENT}",
            f"  hybrid send {home}/{ORDERS} s3://{bucket}/orders/{DAY}/orders.csv",
            "",
            "And one that no route wants:",
            "",
            f"  hybrid send s3://{end.outcome.world.unwanted_bucket}/orders/{DAY}/orders.csv",
            "",
            f"Then look at {airflow.base_url}{EVENTS_PAGE if has_pages() else f'/dags/{DISPATCHER}'}, or at",
            "`hybrid events --since 5m`, `hybrid dead-letters list`, `hybrid status`.",
        ]
    )
    yield "Ctrl-C stops it all."
