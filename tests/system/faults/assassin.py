"""Kills the process of a task, at a chosen point of its work."""

from __future__ import annotations

import json
import os
import signal
from threading import Event
from typing import TYPE_CHECKING

import psutil

from tests.harness.proxy import DroppedError, process_at
from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.harness.proxy import Answer, Forward, Proxy, Request
    from tests.system.database import Database

PATIENCE = 180
"""Seconds to wait for a point."""

_TASK = """
    SELECT pid FROM task_instance
    WHERE dag_id = %(dag)s AND task_id LIKE %(task)s AND state = 'running' AND pid IS NOT NULL
"""


_ANY = "%"


class Assassin:
    """Kills processes (SIGKILL) that run tasks of a dispatcher, as a machine does that runs out of memory."""

    def __init__(self, database: Database, proxy: Proxy, dag_id: str) -> None:
        """Choose a dispatcher.

        Args:
            database: Says which process runs which task.
            proxy: What the dispatcher takes for SQS.
            dag_id: The dispatcher.
        """
        self._database = database
        self._proxy = proxy
        self._dag_id = dag_id

    def kill_before_request(self, action: str) -> None:
        """Kill the next process of a task that asks SQS for something, which SQS never hears of."""
        self._kill_at(action, lambda _request, _forward: True)

    def kill_with_messages(self) -> None:
        """Kill the next process of a task to which SQS hands out messages, before it has them."""
        self._kill_at(
            "ReceiveMessage",
            lambda request, forward: bool(json.loads(forward(request).body).get("Messages")),
        )

    def kill_when(self, task_id: str, condition: Callable[[], bool]) -> None:
        """Kill the process of a task as soon as it runs while a condition holds."""

        def kill() -> bool:
            killed = [pid for pid in self._pids(task_id) if _kill(pid)] if condition() else []
            return bool(killed)

        wait_until(kill, PATIENCE, f"a moment to kill {task_id} of {self._dag_id}", every=0.01)

    def kill_worker(self, task_id: str) -> None:
        """Kill the process of a task as soon as it runs, and its supervisor: nobody tells Airflow of it."""

        def kill() -> bool:
            killed = [pid for pid in self._pids(task_id) if _kill_with_parent(pid)]
            return bool(killed)

        wait_until(kill, PATIENCE, f"a worker to kill that runs {task_id} of {self._dag_id}", every=0.01)

    def _kill_at(self, action: str, strikes: Callable[[Request, Forward], bool]) -> None:
        killed = Event()

        def kill(request: Request, forward: Forward) -> Answer:
            process = process_at(request.client)
            if killed.is_set() or process.pid not in self._pids(_ANY) or not strikes(request, forward):
                return forward(request)
            killed.set()
            process.kill()
            raise DroppedError

        with self._proxy.fault(action, kill):
            if not killed.wait(PATIENCE):
                raise TimeoutError(f"no task of {self._dag_id} asked for {action}")

    def _pids(self, task_id: str) -> list[int]:
        return [pid for (pid,) in self._database.rows(_TASK, dag=self._dag_id, task=task_id)]


def _kill_with_parent(pid: int) -> bool:
    """Kill a process, its parent first; say whether there still was one."""
    try:
        process = psutil.Process(pid)
        process.parent().kill()
    except psutil.NoSuchProcess:
        return False
    return _kill(pid)


def _kill(pid: int) -> bool:
    """Kill a process; say whether there still was one."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
