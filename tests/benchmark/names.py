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


TO_MANY = ((3, 1), (3, 10), (20, 1), (20, 10))
"""Loads to many partners: how many, and how many events a second."""

PARTNERS = max(partners for partners, _ in TO_MANY)
"""The most partner DAGs that a load has."""


def partner_of(contender: str, number: int = 0) -> str:
    """Return a DAG that a contender's events start, one run for each event."""
    return f"{contender}_partner_{number}"


def partners_of(contender: str) -> list[str]:
    """Return all DAGs that a contender's events may start; only this package tells events apart."""
    return [partner_of(contender, number) for number in range(PARTNERS if contender == HYBRID else 1)]
