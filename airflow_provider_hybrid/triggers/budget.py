"""How many runs a watching trigger may still ask for: the queue is the buffer, not Airflow's database."""

from __future__ import annotations

import logging
import sys
import time
from math import ceil, inf
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async

from airflow_provider_hybrid.compat import count_runs
from airflow_provider_hybrid.routing.room import Room

if TYPE_CHECKING:
    from airflow_provider_hybrid.config import DispatcherConfig
    from airflow_provider_hybrid.triggers.handover import Handover

FRESH = 5.0
"""Seconds for which a count is good enough while there is room: each DAG costs a request."""

log = logging.getLogger(__name__)


class Unlimited:
    """No bound on the messages that may be received."""

    messages = sys.maxsize
    is_unsettled = False

    async def refresh(self) -> None:
        """Count nothing."""

    def spend(self, messages: int) -> None:
        """Note nothing."""


class Budget:
    """What ``max_queued_runs`` leaves, with what is on its way taken off.

    Runs that were asked for and do not exist yet cannot be counted. So it counts when nothing is under way,
    and then goes by what it has handed over since; ``is_unsettled`` says whether that is anything.

    Args:
        config: The dispatcher's configuration.
        max_queued_runs: The most queued runs that the routes' DAGs may hold together.
        dag_id: The dispatcher, which has no active run when nothing is under way.
        handover: What no run of the dispatcher has taken yet.
    """

    def __init__(
        self, config: DispatcherConfig, max_queued_runs: int, dag_id: str, handover: Handover
    ) -> None:
        self._config = config
        self._max_queued_runs = max_queued_runs
        self._dag_id = dag_id
        self._handover = handover
        self._left = 0
        self.is_unsettled = False
        self._is_full = False
        self._counted_at = -inf

    @property
    def messages(self) -> int:
        """How many messages may be received, as far as is known."""
        return max(0, self._left) * self._config.messages_per_run

    async def refresh(self) -> None:
        """Count anew, if that is possible, and there is no room by a count of just now.

        Raises:
            LaunchError: If Airflow does not answer.
        """
        is_fresh = time.monotonic() - self._counted_at < FRESH
        if (is_fresh and self._left > 0) or await self._is_something_under_way():
            return
        queued = {dag_id: await _count(dag_id, "queued") for dag_id in self._config.dag_ids}
        room = Room(queued, self._max_queued_runs)
        self._left, self.is_unsettled = room.runs, False
        self._counted_at = time.monotonic()
        self._say(room)

    def spend(self, messages: int) -> None:
        """Note that so many messages were handed over."""
        self._left -= ceil(messages / self._config.messages_per_run)
        self.is_unsettled = True

    async def _is_something_under_way(self) -> bool:
        return self.is_unsettled and (
            self._handover.is_under_way or await _count(self._dag_id, "queued", "running") > 0
        )

    def _say(self, room: Room) -> None:
        """Say once that there is no room, and once that there is again."""
        if self._is_full and room.runs:
            log.info("There is room for %d queued runs again", room.runs)
        elif not self._is_full and not room.runs:
            log.info("Nothing is received. %s", room)
        self._is_full = not room.runs


async def _count(dag_id: str, *states: str) -> int:
    """Count in the thread that all triggers of a triggerer share."""
    return await sync_to_async(count_runs)(dag_id, *states)
