"""What the contenders are called."""

from __future__ import annotations

CONTENDERS = {
    "hybrid": "this package",
    "sqs_sensor": "SqsSensor",
    "asset_watcher": "AssetWatcher",
    "rest_1": "REST, 1 client",
    "rest_8": "REST, 8 clients",
    "receive_message": "ReceiveMessage alone",
    "nobody": "no trigger at all",
}
"""Titles by name."""

HYBRID = "hybrid"
PEERS = ("sqs_sensor", "asset_watcher")
RESTS = ("rest_1", "rest_8")
QUEUE = "receive_message"


def partner_of(contender: str) -> str:
    """Return the DAG that a contender's events start, one run each."""
    return f"{contender}_partner"
