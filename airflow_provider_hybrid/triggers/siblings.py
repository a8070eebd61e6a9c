"""The two runs of a dispatcher: one listens at a time, and the other is ready."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from asgiref.sync import sync_to_async

from airflow_provider_hybrid.compat import count_at_work
from airflow_provider_hybrid.exceptions import LaunchError

log = logging.getLogger(__name__)

HANDOVER = 2.0
"""Seconds from a trigger's event until the next trigger listens: then Airflow has stored the event."""

CHECK = 2.0
"""Seconds from one look at whether a worker is at work to the next."""

GRACE = 40.0
"""Seconds after which a worker at work may be a dead one; Airflow itself notices after 300 by default.

https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html#task-instance-heartbeat-timeout
"""

SUSPICION = 10.0
"""Seconds from one look at the queue to the next, while a worker may be dead."""

_Key = tuple[asyncio.AbstractEventLoop, str]
_turns: WeakValueDictionary[_Key, asyncio.Lock] = WeakValueDictionary()


class Siblings:
    """What the triggers of one dispatcher agree on, so that its runs do not share a burst or a stream.

    In one triggerer process one of them listens, and the others wait for their turn. While a worker is at
    work for another run, that run takes what comes: a burst becomes one batch, a stream stays with the task
    that is awake, and one run at a time counts what ``max_queued_runs`` leaves.

    A worker that died looks like one that is at work, for as long as Airflow has not noticed. So nobody
    stands by for longer than `GRACE`.

    Args:
        dag_id: The dispatcher; None where Airflow does not tell it (`dag.test`), as nobody else is there.
    """

    def __init__(self, dag_id: str | None) -> None:
        self._dag_id = dag_id
        self._at_work_since: float | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until no other trigger in this process listens; none does until `HANDOVER` after the block."""
        if self._dag_id is None:
            yield
            return
        loop = asyncio.get_running_loop()
        lock = _turns.setdefault((loop, self._dag_id), asyncio.Lock())
        await lock.acquire()
        try:
            yield
        except BaseException:
            lock.release()
            raise
        loop.call_later(HANDOVER, lock.release)

    async def stand_by(self) -> bool:
        """Wait while a worker is at work for a sibling, but not for long.

        Returns:
            Whether it still is, and may be dead.
        """
        while await self._are_at_work():
            now = time.monotonic()
            self._at_work_since = self._at_work_since or now
            if now - self._at_work_since >= GRACE:
                await asyncio.sleep(SUSPICION)
                return True
            await asyncio.sleep(CHECK)
        self._at_work_since = None
        return False

    async def _are_at_work(self) -> bool:
        if self._dag_id is None:
            return False
        try:
            return await sync_to_async(count_at_work)(self._dag_id) > 0
        except LaunchError as error:
            # Two that share a burst cost less than one that waits without a reason.
            log.warning("Not standing by for another run of this DAG. %s", error)
            return False
