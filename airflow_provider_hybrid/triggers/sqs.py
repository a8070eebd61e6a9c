"""The trigger that waits for messages on a dispatcher's queue."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async

from airflow_provider_hybrid.compat.task import count_queued_runs
from airflow_provider_hybrid.exceptions import ConfigError, LaunchError, QueueError
from airflow_provider_hybrid.metrics.meter import Meter
from airflow_provider_hybrid.triggers.depth import telling_depth
from airflow_provider_hybrid.triggers.event import MAX_EVENT_BYTES, MessagesEvent
from airflow_provider_hybrid.triggers.siblings import Siblings
from airflow_provider_hybrid.triggers.timing import Timing

if TYPE_CHECKING:
    from airflow_provider_hybrid.config.models import DispatcherConfig
    from airflow_provider_hybrid.events.message import Message
    from airflow_provider_hybrid.routing.room import Room
    from airflow_provider_hybrid.sqs.listener import Listener


class SqsEventTrigger(BaseTrigger):
    """Wait for messages on the queue of a dispatcher and yield one batch of them.

    It deletes nothing: a message that nobody settles comes back when its visibility timeout ends. When it is
    cancelled while it receives, it gives back what it holds. It waits out throttling, time-outs and lost
    connections. An error that somebody must mend (a wrong Variable, no such queue, no right to it) becomes
    its event. If only some routes are broken, that is so once a minute; otherwise it goes on with the others.

    While nothing comes, it reads the dispatcher's Variable once a minute, and follows its changes. While all
    DAGs of the routes are full, or hold too many queued runs together, it receives nothing. Once there is
    room again, it yields an empty batch: only the sensor knows how many runs each message asks for.

    If several runs of the dispatcher wait, their triggers take turns: see
    :class:`~airflow_provider_hybrid.triggers.siblings.Siblings`.

    Args:
        config_variable: The Airflow Variable that holds the dispatcher's configuration.
        dag_ids: Further DAGs whose queued runs count, beside those that the routes name.
        delay_seconds: Seconds to wait before anything else.
    """

    timing = Timing()

    def __init__(self, config_variable: str, dag_ids: Sequence[str] = (), delay_seconds: float = 0) -> None:
        super().__init__()
        self.config_variable = config_variable
        self.dag_ids = list(dag_ids)
        self.delay_seconds = delay_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the class's path and the arguments that make an equal trigger."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "config_variable": self.config_variable,
                "dag_ids": self.dag_ids,
                "delay_seconds": self.delay_seconds,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield one :class:`MessagesEvent` and end."""
        await asyncio.sleep(self.delay_seconds)
        dag_id = getattr(self.task_instance, "dag_id", None)
        siblings = Siblings(dag_id, getattr(self.task_instance, "task_id", ""), self.timing)
        async with siblings.turn():
            try:
                event = await self._next_event(siblings, Meter(dag_id, "triggerer"))
            except (ConfigError, QueueError, LaunchError) as error:
                event = MessagesEvent.failure(str(error))
        yield event

    async def _next_event(self, siblings: Siblings, meter: Meter) -> MessagesEvent:
        while True:
            only_look = await siblings.stand_by()
            config = await self._read_config()
            if config.broken.faults and siblings.is_time_to_tell():
                return MessagesEvent.failure(str(config.broken), goes_on=True)
            room = await self._room(config)
            if room and not room.runs:
                if await self._wait_for_room(room, config):
                    return await MessagesEvent.batch(config.queue_url, [])
                continue
            messages = await self._receive(config, room.runs if room else sys.maxsize, only_look, meter)
            if messages:
                self.log.info("Received %d message(s) from %s", len(messages), config.queue_url)
                return await MessagesEvent.batch(config.queue_url, messages, is_stream=siblings.is_stream())

    async def _receive(
        self, config: DispatcherConfig, max_runs: int, only_look: bool, meter: Meter
    ) -> list[Message]:
        """Listen for messages; return none once configuration and room must be read anew.

        Args:
            config: The configuration.
            max_runs: The most runs that there is room for; each message is taken to ask for one.
            only_look: Take what is there, and do not wait.
            meter: The dispatcher's meter.
        """

        async def listen(listener: Listener) -> list[Message]:
            async with telling_depth(listener, config, meter):
                messages = await (listener.look if only_look else listener.next_batch)(max_runs)
            if meter.is_on and listener.answered_at:
                await asyncio.to_thread(meter.listened, listener.answered_at, len(messages))
            return messages

        async with await sync_to_async(_listener)(config, self.timing.reread) as listener:
            if only_look:
                return await listen(listener)
            self.log.info("Listening to %s", config.queue_url)
            span = self.timing.tell if config.broken.faults else self.timing.reconnect
            until = time.monotonic() + span
            while time.monotonic() < until:
                if messages := await listen(listener):
                    return messages
                if await self._read_config(config) != config:
                    break
        return []

    async def _wait_for_room(self, room: Room, config: DispatcherConfig) -> bool:
        """Wait until there is room, and return True; or until the Variable has changed, and return False."""
        self.log.info("Nothing is received from %s. %s", config.queue_url, room)
        while await self._read_config(config) == config:
            await asyncio.sleep(self.timing.recount)
            room = await self._room(config) or room
            if room.runs:
                self.log.info("There is room for %d queued runs again", room.runs)
                return True
        return False

    async def _room(self, config: DispatcherConfig) -> Room | None:
        """Count the queued runs; None without a limit."""
        if not config.has_limits:
            return None
        # One thread serves all triggers of a triggerer: each DAG is a call of its own, so that others get in.
        dag_ids = sorted({*config.dag_ids, *self.dag_ids})
        queued = {dag_id: await sync_to_async(count_queued_runs)(dag_id) for dag_id in dag_ids}
        return config.room(queued)

    async def _read_config(self, known: DispatcherConfig | None = None) -> DispatcherConfig:
        """Read the Variable. If Airflow does not answer, keep what is known, or ask until it answers."""
        while True:
            try:
                # A plain `Variable.get` returns its default in async code on Airflow 3.1, without an error.
                return await sync_to_async(_load_config)(self.config_variable)
            except LaunchError as error:
                if known:
                    return known
                self.log.warning("The Variable cannot be read. %s Asking again in some seconds", error)
            await asyncio.sleep(self.timing.recount)


def _load_config(variable: str) -> DispatcherConfig:
    # Imported here, in a thread: the triggerer imports this module on its event loop.
    from airflow_provider_hybrid.config.read import load_config

    return load_config(variable)


def _listener(config: DispatcherConfig, max_idle_seconds: float) -> Listener:
    # Imported here, in a thread: AWS's libraries take long.
    from airflow_provider_hybrid.sqs.listener import Listener

    return Listener(
        config.queue, max_idle_seconds=max_idle_seconds, max_bytes=MAX_EVENT_BYTES, **config.receiving
    )
