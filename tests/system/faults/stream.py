"""A steady stream of events, each with an id of its own."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from tests.system.events import eventbridge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.demo.cloud import Cloud


class Stream(AbstractContextManager["Stream"]):
    """Sends an event at once and then again and again, until its block ends.

    What cannot be sent ends the stream, and is raised at the end of the block.

    ``sent`` holds when each event was sent, by its id.
    """

    def __init__(self, cloud: Cloud, name: str, every: float = 1.0, partners: Sequence[str] = ()) -> None:
        """Describe the stream; the block starts it.

        Args:
            cloud: The queue to send to.
            name: What the ids of its events begin with; no two streams of a session have the same.
            every: Seconds between two events.
            partners: The partners that the events name in turn; none names any without them.
        """
        self.name = name
        self.sent: dict[str, datetime] = {}
        self._cloud = cloud
        self._every = every
        self._partners = partners
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._flow, name=f"stream {name}", daemon=True)

    def __enter__(self) -> Stream:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
        if self._error:
            raise self._error

    def send(self, **detail: Any) -> str:
        """Send one event now, outside of the rhythm, and return its id."""
        return self.send_many(1, **detail)[0]

    def send_many(self, count: int, **detail: Any) -> list[str]:
        """Send many events at once, and return their ids."""
        with self._lock:
            numbers = range(len(self.sent), len(self.sent) + count)
            ids = [f"{self.name}-{number}" for number in numbers]
            self.sent.update(dict.fromkeys(ids, datetime.now(timezone.utc)))
        self._cloud.send_many(
            [
                eventbridge(event_id, {"number": number, **self._partner(number), **detail})
                for number, event_id in zip(numbers, ids, strict=True)
            ]
        )
        return ids

    def between(self, since: datetime, until: datetime) -> Stream:
        """Return a stream that has only those events that were sent since a moment and before another one."""
        part = Stream(self._cloud, self.name, self._every)
        part.sent = {event: at for event, at in self.sent.items() if since <= at < until}
        return part

    def _partner(self, number: int) -> dict[str, str]:
        return {"partner": self._partners[number % len(self._partners)]} if self._partners else {}

    def _flow(self) -> None:
        try:
            while not self._end.is_set():
                self.send()
                self._end.wait(self._every)
        except Exception as error:  # noqa: BLE001 - a thread has nobody to raise to; the block's end has
            self._error = error
