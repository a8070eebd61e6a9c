"""The tables of the results, as rows of text."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmark.names import CONTENDERS, TO_MANY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.benchmark.measurement import Results

ABSENT = "-"


@dataclass(frozen=True)
class Column:
    """A figure of a load."""

    heading: str
    load: str
    figure: str
    digits: int = 1


@dataclass(frozen=True)
class Grid:
    """A table."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


_LATENCY = [
    Column("one per 12 s, p50", "sparse", "p50"),
    Column("one per second, p50", "steady", "p50", 2),
    Column("one per second, p95", "steady", "p95", 2),
]
_TO_MANY = [
    Column(
        f"{partners} partners, {per_second} per second, {figure}",
        f"steady_{partners}x{per_second}",
        figure,
        2,
    )
    for partners, per_second in TO_MANY
    for figure in ("p50", "p95")
]
_BURST = [
    Column("burst of 100, runs/s", "burst_100", "runs_per_second"),
    Column("burst of 1,000, runs/s", "burst_1000", "runs_per_second"),
    Column("burst of 10,000, runs/s", "burst_10000", "runs_per_second"),
]
_LAST = [
    Column("burst of 100, s", "burst_100", "seconds_to_all"),
    Column("burst of 1,000, s", "burst_1000", "seconds_to_all"),
    Column("burst of 10,000, s", "burst_10000", "seconds_to_all"),
    Column("10,000 events in batches, s", "batch", "seconds_to_all"),
]
_PROCESSES = [
    Column("one per 12 s", "sparse", "processes_per_event", 2),
    Column("one per second", "steady", "processes_per_event", 2),
    *(
        Column(
            f"{partners} partners, {per_second} per second",
            f"steady_{partners}x{per_second}",
            "processes_per_event",
            2,
        )
        for partners, per_second in TO_MANY
    ),
    Column("burst of 100", "burst_100", "processes_per_event", 2),
    Column("burst of 1,000", "burst_1000", "processes_per_event", 3),
    Column("burst of 10,000", "burst_10000", "processes_per_event", 3),
]
_IDLE = [
    Column("ReceiveMessage per hour", "idle", "receives_per_hour", 0),
    Column("task processes per hour", "idle", "processes_per_hour", 0),
    Column("triggerer's CPU seconds per hour", "idle", "triggerer_cpu_seconds_per_hour", 0),
]
_CROWD = [
    Column("KiB per dispatcher", "crowd", "kib_per_trigger", 0),
    Column("warnings of a blocked event loop", "crowd", "blocked_warnings", 0),
    Column("longest block, s", "crowd", "longest_block", 2),
]
_TABLES = {
    "Seconds from SendMessage to the run": _LATENCY,
    "Seconds from SendMessage to the run, events for many partners in turn": _TO_MANY,
    "Runs created per second": _BURST,
    "Seconds from the last SendMessage to the last run": _LAST,
    "Task processes per event": _PROCESSES,
    "With nothing to do": _IDLE,
    "100 dispatchers more in one triggerer": _CROWD,
}


def grids(results: Results) -> Iterator[Grid]:
    """Yield a table for each kind of figure that was measured.

    A cell is the median of the rounds, and their range.
    """
    for title, all_columns in _TABLES.items():
        columns = [column for column in all_columns if _was_played(results, column.load)]
        rows = [
            [CONTENDERS[name], *(_cell(results, name, column) for column in columns)]
            for name in CONTENDERS
            if any(results.of(column.load, name) for column in columns)
        ]
        if rows:
            yield Grid(title, ["", *(column.heading for column in columns)], rows)


def _was_played(results: Results, load: str) -> bool:
    return any(entry.load == load for entry in results.measurements)


def flaws(results: Results) -> list[str]:
    """Name the measurements whose figures are left out."""
    return [
        f"round {entry.round}, {CONTENDERS[entry.contender]}, {entry.load}: {entry.flaw}"
        for entry in results.measurements
        if not entry.sound
    ]


def _cell(results: Results, contender: str, column: Column) -> str:
    played = results.of(column.load, contender)
    values = results.values(column.load, contender, column.figure)
    left_out = len([entry for entry in played if not entry.sound])
    flawed = f" ({left_out} of {len(played)} rounds failed)" if left_out else ""
    if not values:
        return flawed.strip() or ABSENT
    low, middle, high = (
        f"{round(value, column.digits) + 0.0:.{column.digits}f}"  # and no -0.0
        for value in (min(values), statistics.median(values), max(values))
    )
    spread = "" if low == high else f" ({low} to {high})"
    return f"{middle}{spread}{flawed}"
