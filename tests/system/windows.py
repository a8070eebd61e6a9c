"""Many small files, and the runs that a route with a window makes of them."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import ceil, inf
from typing import TYPE_CHECKING, Any

from tests.harness.versions import CREATED_AT
from tests.system.events import eventbridge, route

if TYPE_CHECKING:
    from tests.demo.cloud import Cloud
    from tests.system.database import Database

_RUNS = f"""
    SELECT conf, extract(epoch FROM COALESCE({CREATED_AT}, queued_at)),
        extract(epoch FROM (conf->'window'->>'to')::timestamptz)
    FROM dag_run WHERE dag_id = %(dag)s
"""  # noqa: S608 - our own words
_BATCH = 10
"""Files that are sent together: SQS notes the same moment for them."""


def windowed_route(dag_id: str, seconds: int, max_events: int) -> dict[str, Any]:
    """Return a route that batches the events of `send_files`."""
    return {
        **route(dag_id, folder=[{"exists": True}]),
        "batch": {"max_events": max_events, "window_seconds": seconds, "key": "{{ event.detail.folder }}"},
    }


def send_files(cloud: Cloud, files: int, folders: int, seconds: float) -> None:
    """Send an event for each of many files, evenly, to each folder in turn."""
    begin = time.monotonic()
    for start in range(0, files, _BATCH):
        time.sleep(max(0, begin + seconds * start / files - time.monotonic()))
        cloud.send_many(
            [
                eventbridge(f"file-{number}", {"number": number, "folder": f"folder-{number % folders}"})
                for number in range(start, min(start + _BATCH, files))
            ]
        )


def are_in_order(numbers: list[int]) -> bool:
    """Say whether files have the order in which they were sent."""
    batches = [number // _BATCH for number in numbers]
    return batches == sorted(batches)


@dataclass(frozen=True)
class Outcome:
    """What became of the files.

    Args:
        times: In how many runs each file is, by number.
        runs: How many runs there are.
        fewest: As few as there can be, for the windows that the runs name.
        delays: Seconds from the end of a window (since 1970) to its first run, by that end and key.
    """

    times: Counter[int]
    runs: int
    fewest: int
    delays: dict[tuple[float, str], float]


def outcome_of(database: Database, dag_id: str, max_events: int) -> Outcome:
    """Look at all runs of a DAG."""
    files: dict[tuple[float, str], set[int]] = defaultdict(set)
    delays: dict[tuple[float, str], float] = {}
    times: Counter[int] = Counter()
    rows = database.rows(_RUNS, dag=dag_id)
    for conf, created_at, ended_at in rows:
        window = float(ended_at), conf["window"]["key"]
        numbers = [event["number"] for event in conf["events"]]
        assert are_in_order(numbers)
        times.update(numbers)
        files[window] |= set(numbers)
        delays[window] = min(float(created_at - ended_at), delays.get(window, inf))
    fewest = sum(ceil(len(numbers) / max_events) for numbers in files.values())
    return Outcome(times, len(rows), fewest, delays)
