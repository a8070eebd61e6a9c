"""The trigger that waits for a deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async

from airflow_provider_hybrid.exceptions import HybridError
from airflow_provider_hybrid.troubleshooting import logger

GRACE = 10
"""Seconds after a deadline until it counts as missed: an event sent in time needs some to start its run."""

HORIZON = 60
"""The most seconds that it waits for without reading the Variable again."""

log = logger(__name__)


class DeadlineTrigger(BaseTrigger):
    """Wait until a deadline is due, by the dispatcher's Variable, which it reads once a minute.

    A deadline that had passed before its expectation was written is not looked at. While the Variable is
    missing or wrong it waits on: the dispatcher says what is wrong with it. No deadline is lost meanwhile.

    Args:
        config_variable: The Airflow Variable that holds the dispatcher's configuration.
        since: Only deadlines after this moment count, in seconds since 1970.
        ends_at: The moment until which it waits at most.
        delay_seconds: Seconds to wait before anything else.
    """

    def __init__(self, config_variable: str, since: float, ends_at: float, delay_seconds: float = 0) -> None:
        super().__init__()
        self.config_variable = config_variable
        self.since = since
        self.ends_at = ends_at
        self.delay_seconds = delay_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the class's path and the arguments that make an equal trigger."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "config_variable": self.config_variable,
                "since": self.since,
                "ends_at": self.ends_at,
                "delay_seconds": self.delay_seconds,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield one event, which hands ``since`` back, and end."""
        await asyncio.sleep(self.delay_seconds)
        while True:
            seconds = await self._seconds_to_wait()
            if seconds <= 0:
                break
            await asyncio.sleep(seconds)
        yield TriggerEvent({"since": self.since})

    async def _seconds_to_wait(self) -> float:
        """Return the seconds until a deadline is due, or until the Variable is to be read again."""
        now = time.time()
        try:
            moment = await sync_to_async(_first_deadline)(self.config_variable, self.since, now + HORIZON)
        except HybridError as error:
            log.warning("The deadlines are not known until the dispatcher's Variable can be read. %s", error)
            moment = None
        else:
            if moment is None or moment > now - GRACE:
                # What is written later is not asked for what had come before.
                self.since = max(self.since, now - GRACE)
        until = now + HORIZON if moment is None else moment + GRACE
        return min(until, self.ends_at) - time.time()


def _first_deadline(variable: str, since: float, until: float) -> float | None:
    """Return the first deadline between two moments, by the Variable."""
    # Imported here, in a thread: the triggerer imports this module on its event loop.
    from airflow_provider_hybrid.config.read import load_config
    from airflow_provider_hybrid.routing.expectation import due

    return next(
        (deadline.moment for _, deadline in due(load_config(variable).expectations, since, until)), None
    )
