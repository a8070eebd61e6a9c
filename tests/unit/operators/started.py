"""A run that a watching trigger has started, as its first task sees it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from airflow.sdk import Asset

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.triggers.event import MessagesEvent

QUEUE = "https://sqs/1/events"


@dataclass
class AssetEvent:
    """What Airflow keeps of a trigger's event."""

    payload: dict[str, Any]

    @property
    def extra(self) -> dict[str, Any]:
        return {"from_trigger": True, "payload": json.loads(json.dumps(self.payload))}


class Store(dict[str, Any]):
    """The state of the asset."""

    def set(self, key: str, value: Any) -> None:
        self[key] = value


def batch(*messages: Message, queue_url: str = QUEUE, received_at: float | None = None) -> MessagesEvent:
    """Make the event that carries these messages."""
    event = asyncio.run(MessagesEvent.batch(queue_url, list(messages)))
    if received_at:
        event.payload["received_at"] = received_at
    return event


def started_by(asset: Asset, *events: MessagesEvent, store: Store | None = None) -> dict[str, Any]:
    """Give the context of the first task of a run that these events have started."""
    return {
        "run_id": "asset_triggered__2026-11-22",
        "triggering_asset_events": {asset: [AssetEvent(event.payload) for event in events]},
        "asset_state_store": {asset: Store() if store is None else store},
    }
