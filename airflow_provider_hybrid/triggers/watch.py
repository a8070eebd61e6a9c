"""Watch a queue, in the triggerer, for as long as there is a DAG that is scheduled on it."""

from __future__ import annotations

import asyncio
import random
import time
from abc import abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Generic, TypeVar

from airflow.triggers.base import BaseEventTrigger, TriggerEvent
from asgiref.sync import sync_to_async

from airflow_provider_hybrid.compat import read_taken
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import ConfigError, LaunchError, QueueError
from airflow_provider_hybrid.queues.batches import is_burst
from airflow_provider_hybrid.triggers.budget import Budget, Unlimited
from airflow_provider_hybrid.triggers.event import MAX_BYTES, MessagesEvent
from airflow_provider_hybrid.triggers.handover import Handover

if TYPE_CHECKING:
    from airflow_provider_hybrid.queue_config import QueueConfig
    from airflow_provider_hybrid.queues.listener import Listener

Config = TypeVar("Config", bound="QueueConfig")

SPREAD = 1.0
"""Seconds over which triggers that start together begin, so that their long polls do not all end at once."""

IDLE = 60
"""Seconds without a message after which the configuration is read anew."""

BURST = 0.25
"""Seconds without a message after which a burst is over."""

SETTLING = 1.0
"""Seconds from one look to the next at whether all that was handed over is launched."""

PAUSE = 5.0
"""Seconds from one count of queued runs to the next, while the DAGs hold too many."""

TRY_AGAIN = 20
"""Seconds until the next attempt where somebody must mend something."""

TELL_AGAIN = 60
"""Seconds between two events that tell of different trouble, as each costs a failed run."""


class WatchingTrigger(BaseEventTrigger, Generic[Config]):
    """Yield every batch of messages that arrives, for an `AssetWatcher`; it never ends by itself.

    It deletes nothing. It yields a batch when Airflow has a run for the one before, and goes on receiving
    meanwhile. A burst, more than one receive of ten, is not torn apart: what follows within a quarter of a
    second is yielded with it. What no run has taken yet it keeps invisible; from then on the run answers for
    it. When it dies, what no run has taken comes back after one visibility timeout. When it is cancelled,
    what it has not yet handed over comes back at once.

    Throttling, time-outs and lost connections it waits out. What somebody must mend (a wrong configuration,
    no such queue, no right to it) is an event of its own, once, and the next attempts follow by themselves.

    Where its configuration comes from, and what bounds how much it receives, its subclasses say.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told, self._told_at = "", -float(TELL_AGAIN)

    @abstractmethod
    def read_config(self) -> Config:
        """Read the configuration, in a thread.

        Raises:
            ConfigError: If it is missing or wrong.
        """

    @abstractmethod
    def budget(self, config: Config, handover: Handover) -> Budget | Unlimited:
        """Return what bounds how many messages are received, in terms of the runs that they become."""

    @abstractmethod
    async def count_runs(self) -> int | None:
        """Count all runs of the DAG that is scheduled on this; None if it is not known which one that is.

        Raises:
            LaunchError: If Airflow does not answer.
        """

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield a :class:`MessagesEvent` for each batch, and for trouble that somebody must mend."""
        await asyncio.sleep(random.uniform(0, SPREAD))  # noqa: S311 - not a secret
        while True:
            try:
                async with aclosing(self._watch()) as events:
                    async for event in events:
                        yield event
            except (ConfigError, QueueError, LaunchError) as error:
                self.log.warning("Trying again in %d s. %s", TRY_AGAIN, error)
                if self._is_news(str(error)):
                    yield MessagesEvent.failure("", str(error))
                await asyncio.sleep(TRY_AGAIN)

    async def _watch(self) -> AsyncGenerator[TriggerEvent, None]:
        """Listen to one queue, until the configuration changes."""
        config = await sync_to_async(self.read_config)()
        handover = Handover(config.visibility_timeout)
        budget = self.budget(config, handover)
        async with await sync_to_async(_listener)(config) as listener:
            self.log.info("Listening to %s", config.queue_url)
            receiving: asyncio.Task[list[Message]] | None = None
            more_may_come = False
            try:
                while True:
                    if not receiving and (room := await self._room(config, handover, budget)):
                        receiving = asyncio.create_task(listener.next_batch(room))
                    await _wait(receiving, _timeout(handover, more_may_come), budget)
                    more_may_come = False
                    if receiving and receiving.done():
                        messages, receiving = receiving.result(), None
                        more_may_come = is_burst(messages)
                        self._told = ""
                        handover.hold(messages, time.monotonic())
                        if await sync_to_async(self.read_config)() != config:
                            return
                    if await self._may_go_on(handover, more_may_come):
                        with suppress(LaunchError):  # the last count does, too
                            await budget.refresh()
                        event = await MessagesEvent.batch(config.queue_url, handover.held)
                        self.log.info("Received %d message(s) from %s", len(handover.held), config.queue_url)
                        budget.spend(len(handover.held))
                        handover.hand_over(event.payload["received_at"], time.monotonic())
                        yield event
                    if renew := handover.to_renew(time.monotonic()):
                        await listener.extend(renew, config.visibility_timeout)
                    if handover.wants_reminder(time.monotonic()):
                        self.log.info("No run has taken the last batch yet")
                        yield MessagesEvent.reminder(config.queue_url)
            finally:
                if receiving:
                    receiving.cancel()
                    await asyncio.gather(receiving, return_exceptions=True)
                await listener.extend(handover.held, 0)

    async def _room(self, config: Config, handover: Handover, budget: Budget | Unlimited) -> int:
        """Return how many messages more may be received and held; 0 for none."""
        if handover.is_full(config.max_messages):
            return 0
        if not budget.messages:
            await budget.refresh()
        return max(0, budget.messages - len(handover.held))

    async def _may_go_on(self, handover: Handover, more_may_come: bool) -> bool:
        """Look what Airflow does with what is under way, and say whether to hand over what is held."""
        is_batch = bool(handover.held) and not more_may_come
        if is_batch:
            handover.counted(await self._count_runs())
            if handover.may_go_on:
                return True
        if handover.is_under_way:
            handover.taken(await read_taken(self.asset_state_store))
        return is_batch and handover.may_go_on

    async def _count_runs(self) -> int | None:
        with suppress(LaunchError):
            return await self.count_runs()
        return None

    def _is_news(self, error: str) -> bool:
        now = time.monotonic()
        if error == self._told or now - self._told_at < TELL_AGAIN:
            return False
        self._told, self._told_at = error, now
        return True


def _timeout(handover: Handover, more_may_come: bool) -> float | None:
    """Return in how many seconds something else is to be done than to wait for messages."""
    if more_may_come:
        return BURST
    return handover.next_look(time.monotonic()) if handover.is_under_way else None


async def _wait(
    receiving: asyncio.Task[list[Message]] | None, timeout: float | None, budget: Budget | Unlimited
) -> None:
    """Wait for messages, or where none may be received until there may be room."""
    if receiving:
        await asyncio.wait([receiving], timeout=timeout)
    else:
        await asyncio.sleep(timeout or (SETTLING if budget.is_unsettled else PAUSE))


def _listener(config: QueueConfig) -> Listener:
    # Imported here, in a thread: AWS's libraries take long.
    from airflow_provider_hybrid.queues.listener import Listener

    return Listener(**config.listening, max_idle_seconds=IDLE, max_bytes=MAX_BYTES)
