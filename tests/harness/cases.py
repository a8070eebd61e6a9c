"""The messages in `tests/events`, each with the events that it must parse to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from airflow_provider_hybrid.events.message import Message

EVENTS = Path(__file__).parents[1] / "events"
FRAMES = {"sns_notification"}


@dataclass(frozen=True)
class Case:
    name: str
    body: str = field(repr=False)
    expected: list[dict[str, Any]] = field(repr=False)
    attributes: dict[str, Any] = field(repr=False)

    def message(self, body: str | None = None, **fields: Any) -> Message:
        """The message as received from the queue `orders`, or the same with another body."""
        return Message(
            **{
                "message_id": "5fea7756-0ea4-451a-a703-a558b933e274",
                "body": self.body if body is None else body,
                "queue_name": "orders",
                **self.attributes,
                **fields,
            }
        )


def load(name: str) -> Case:
    known = json.loads((EVENTS / "expected" / f"{name}.json").read_text(encoding="utf-8"))
    body = (EVENTS / f"{name}.json").read_text(encoding="utf-8").removesuffix("\n")
    return Case(name, body, known["events"], known.get("message", {}))


NAMES = sorted(path.stem for path in EVENTS.glob("*.json") if path.stem not in FRAMES)
CASES = [load(name) for name in NAMES]
