"""How full a dispatcher's queues are, asked beside its long polls and told as figures."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from typing import TYPE_CHECKING

from airflow_provider_hybrid.metrics.meter import Meter
from airflow_provider_hybrid.sqs.counts import counts_in
from airflow_provider_hybrid.sqs.redrive_policy import dead_letter_queue_of, read_redrive_policy

if TYPE_CHECKING:
    from airflow_provider_hybrid.config.models import DispatcherConfig
    from airflow_provider_hybrid.sqs.listener import Listener
    from airflow_provider_hybrid.sqs.queue import Queue

PERIOD = 60.0
"""Seconds from one question to the next: 1,440 calls a day for a queue, and as many for its dead letters."""

PATIENCE = 1.0
"""Seconds for which a long poll waits for the answer, at most. After that it comes beside the poll."""

log = logging.getLogger(__name__)


@asynccontextmanager
async def telling_depth(listener: Listener, config: DispatcherConfig, meter: Meter) -> AsyncIterator[None]:
    """Ask SQS for the depth of the queues before and during the block, and tell it as figures.

    It asks once in `PERIOD`, and nothing where metrics are off. If SQS does not tell, the figures are
    missing: that is said once, and harms nobody.

    Args:
        listener: A listener on the queue.
        config: The dispatcher's configuration.
        meter: The dispatcher's meter.
    """
    queue_url = config.queue_url
    if not meter.is_on or time.monotonic() < _asked_at.get(queue_url, -inf) + PERIOD:
        yield
        return
    _asked_at[queue_url] = time.monotonic()
    asking = asyncio.create_task(_tell(listener, config, meter))
    try:
        # Now, as there is no message yet that would have to wait.
        await asyncio.wait([asking], timeout=PATIENCE)
        yield
    finally:
        asking.cancel()


_asked_at: dict[str, float] = {}
"""When the triggers of this process last asked about a queue, by its URL (`time.monotonic`)."""

_silent: set[str] = set()
"""The queues of which the log has said that SQS does not tell their depth."""


async def _tell(listener: Listener, config: DispatcherConfig, meter: Meter) -> None:
    if not (attributes := await _attributes(listener, config.queue)):
        return
    await asyncio.to_thread(meter.counted, counts_in(attributes))
    policy = read_redrive_policy(config.queue_url, attributes)
    dead_url = dead_letter_queue_of(config.dead_letter_queue_url, policy)
    if dead_url and (attributes := await _attributes(listener, config.queue.another(dead_url))):
        await asyncio.to_thread(meter.counted_dead_letters, counts_in(attributes).waiting)


async def _attributes(listener: Listener, queue: Queue) -> dict[str, str]:
    # The listener has imported it, in a thread: AWS's libraries take long.
    from airflow_provider_hybrid.sqs.errors import AWS_ERRORS, explain

    try:
        return await listener.attributes(queue.url)
    except AWS_ERRORS as error:
        if queue.url not in _silent:
            log.info("Monitoring gets no figure of the depth of a queue. %s", explain(error, queue))
        _silent.add(queue.url)
        return {}
