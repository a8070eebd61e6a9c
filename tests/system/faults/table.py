"""The table of all faults: in the terminal, as JSON lines, and as Markdown for the documentation.

``python -m tests.system.faults.table FILE...`` prints the rows of such files as Markdown.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from tests.system.faults.ledger import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEADINGS = ("fault", "contender", "events", "lost", "started twice", "longest delay", "no line")
NOTHING = ("-",) * len(HEADINGS[2:])
NOTE = (
    "Every event wants two DAG runs; lost and started twice count pairs of event and DAG. Lost: no run,"
    " though the queue is empty; for the asset watcher also an event that is stored and starts nothing"
    " (apache/airflow#56050). No line: events whose end is not in the record."
)


def render(rows: Iterable[Row]) -> Table:
    """Return the table for a terminal."""
    table = Table(title="Faults", title_justify="left", caption=NOTE, caption_justify="left")
    for number, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="left" if number < 2 else "right", overflow="fold")
    for row in rows:
        table.add_row(*_cells(row))
    return table


def markdown(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of the table for the documentation, the contenders side by side."""
    by_fault: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_fault.setdefault(row.fault, {})[row.contender] = row
    contenders = list(dict.fromkeys(name for found in by_fault.values() for name in found))
    figures = [
        f"{name}: {heading}" if contenders[1:] else heading for name in contenders for heading in HEADINGS[2:]
    ]
    yield f"| fault | {' | '.join(figures)} |"
    yield f"|---|{'--:|' * len(figures)}"
    for fault, found in by_fault.items():
        cells = [
            cell for name in contenders for cell in (_cells(found[name])[2:] if name in found else NOTHING)
        ]
        yield f"| {fault} | {' | '.join(cells)} |"


def append(row: Row, file: Path) -> None:
    """Write a row to a file of JSON lines."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as lines:
        lines.write(json.dumps(asdict(row)) + "\n")


def read(file: Path) -> list[Row]:
    """Read what `append` wrote."""
    return [Row(**json.loads(line)) for line in file.read_text().splitlines()]


def _cells(row: Row) -> list[str]:
    events = f"{row.events} ({row.waiting} still in the queue)" if row.waiting else str(row.events)
    unrecorded = "-" if row.unrecorded is None else str(row.unrecorded)
    figures = (events, str(row.lost), str(row.twice), f"{row.delay:.0f} s", unrecorded)
    return [row.fault, row.contender, *figures]


if __name__ == "__main__":
    for line in markdown(row for name in sys.argv[1:] for row in read(Path(name))):
        print(line)  # noqa: T201 - its output
