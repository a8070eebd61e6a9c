"""Nothing goes on that would disturb a measurement."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmark.world import World

CALM = 7.0
"""Seconds for which it must be calm: longer than a dispatcher lingers before its first poll."""

_UNFINISHED = "SELECT count(*) FROM dag_run WHERE dag_id = ANY(%(dags)s) AND state IN ('queued', 'running')"
_END = """
    UPDATE dag_run SET state = 'success', end_date = now()
    WHERE dag_id = ANY(%(dags)s) AND state IN ('queued', 'running')
"""


def wait_until_calm(
    world: World, calm: Callable[[], bool], partners: list[str], timeout: float = 600
) -> None:
    """Wait until a condition has held for `CALM` seconds, and the runs of the partners have ended.

    Raises:
        TimeoutError: They do not come to rest in time.
    """
    since = time.monotonic()

    def calm_for_long() -> bool:
        nonlocal since
        [(unfinished,)] = world.database.rows(_UNFINISHED, dags=partners)
        if unfinished or not calm():
            since = time.monotonic()
        return time.monotonic() - since >= CALM

    world.wait(calm_for_long, timeout, f"{CALM:g} s without work for {partners[0]}")


def end_runs(world: World, partners: list[str]) -> None:
    """End all runs of partners; Airflow would take some minutes for those of a burst."""
    world.database.change(_END, dags=partners)
