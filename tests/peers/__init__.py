"""The amazon provider's own ways from a queue to DAG runs, as DAG files for a real Airflow.

What each file defines is called ``peer_`` and the file's name. The Variable of the same name says which queue
it listens to and which DAGs each event starts, one run each: ``{"queue_url": ..., "partners": [...]}``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.demo.cloud import Cloud

PEERS = ("sqs_sensor", "asset_watcher")


def dag_id(peer: str) -> str:
    """Return the DAG that listens, which is also the Variable's key."""
    return f"peer_{peer}"


def dag_file(peer: str) -> Path:
    """Return the DAG file."""
    return Path(__file__).parent / f"{peer}.py"


def settings(cloud: Cloud, partners: Sequence[str]) -> dict[str, Any]:
    """Return the Variable."""
    return {"queue_url": cloud.queue_url, "partners": list(partners)}
