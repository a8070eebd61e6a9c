"""The two runs of a dispatcher: one listens at a time, and the other is ready."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf

from asgiref.sync import sync_to_async

from airflow_provider_hybrid.compat.task import count_at_work
from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.triggers.timing import Timing

log = logging.getLogger(__name__)


class Siblings:
    """Lets the triggers of one dispatcher take turns, so that its runs do not share a burst or a stream.

    In one triggerer process one trigger listens, and the others wait for their turn. While a worker has the
    sensor of another run, that run takes what comes: a burst becomes one batch, a stream stays with the task
    that is awake, and only one run at a time counts the room that ``max_queued_runs`` leaves. The tasks that
    the sensor hands a burst on to do not count: whatever else comes meanwhile is not held up by them.

    Until Airflow notices a dead worker, it looks like one that is at work. So once work has gone on for
    longer than `Timing.grace`, the trigger whose turn it is looks at the queue all the same, every
    `Timing.suspicion` seconds. From then on two runs may share a stream and count room at the same time.

    Args:
        dag_id: The dispatcher's DAG id; None where Airflow does not tell it. That is in `dag.test`, where no
            other run exists.
        task_id: The sensor's task id.
        timing: How long the triggers wait.
    """

    def __init__(self, dag_id: str | None, task_id: str, timing: Timing) -> None:
        self._dag_id = dag_id
        self._task_id = task_id
        self._timing = timing

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for this trigger's turn, and listen in the block.

        The next trigger's turn comes `Timing.handover` seconds after the block, or at once after an error in
        it.
        """
        if self._dag_id is None:
            yield
            return
        lock = self._shared.lock
        await lock.acquire()
        try:
            yield
        except BaseException:
            lock.release()
            raise
        asyncio.get_running_loop().call_later(self._timing.handover, lock.release)

    async def stand_by(self) -> bool:
        """Wait while a worker has the sensor of another run, but not for long.

        Returns:
            True if it is at work for so long that it may be dead.
        """
        while await self._are_at_work():
            if self._shared.is_due(time.monotonic(), self._timing):
                return True
            await asyncio.sleep(self._timing.check)
        return False

    def is_stream(self) -> bool:
        """Note that messages came now.

        Returns:
            True if the last ones came less than `Timing.next_message` seconds ago, in this triggerer process.
        """
        now, last = time.monotonic(), self._shared.received_at
        self._shared.received_at = now
        return now - last < self._timing.next_message

    def is_time_to_tell(self) -> bool:
        """Say whether a fault that lasts is to be told again, and note that it is told now.

        Returns:
            True if it was told at least `Timing.tell` seconds ago, in this triggerer process.
        """
        now = time.monotonic()
        if now < self._shared.told_at + self._timing.tell:
            return False
        self._shared.told_at = now
        return True

    async def _are_at_work(self) -> bool:
        if self._dag_id is None:
            return False
        try:
            are_at_work = await sync_to_async(count_at_work)(self._dag_id, [self._task_id]) > 0
        except LaunchError as error:
            # Two runs that share a burst cost less than a run that waits for nothing.
            log.warning("Not standing by for another run of this DAG. %s", error)
            return False
        if not are_at_work:
            self._shared.work_has_ended()
        return are_at_work

    @property
    def _shared(self) -> _Shared:
        return _dispatchers[asyncio.get_running_loop(), self._dag_id]


class _Shared:
    """What the triggers of one dispatcher in one triggerer process have in common."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.received_at = -inf
        self.told_at = -inf
        self.work_has_ended()
        self._looked = -inf

    def work_has_ended(self) -> None:
        """Forget the work that was seen."""
        self._work_since = inf
        self._work_seen = -inf

    def is_due(self, now: float, timing: Timing) -> bool:
        """Whether it is time to look at the queue, although somebody is at work.

        Work that nobody has seen for longer than `Timing.grace` may have ended meanwhile.
        """
        if now - self._work_seen > timing.grace:
            self._work_since = now
        self._work_seen = now
        if now < max(self._work_since + timing.grace, self._looked + timing.suspicion):
            return False
        self._looked = now
        return True


_dispatchers: defaultdict[tuple[asyncio.AbstractEventLoop, str | None], _Shared] = defaultdict(_Shared)
