"""The tables as Markdown, for `docs/performance.md`: ``python -m tests.benchmark.table results.json``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmark.grid import grids
from tests.benchmark.measurement import Results
from tests.benchmark.report import judgement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmark.grid import Grid


def markdown(results: Results) -> Iterator[str]:
    """Yield the lines of all tables."""
    yield "Machine: " + ", ".join(f"{name} {value}" for name, value in results.machine.items())
    for grid in [*grids(results), *judgement(results)]:
        yield from ("", f"**{grid.title}**", "", *_rows(grid))


def _rows(grid: Grid) -> Iterator[str]:
    yield f"| {' | '.join(grid.headings)} |"
    yield f"|---|{'--:|' * (len(grid.headings) - 1)}"
    for row in grid.rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


if __name__ == "__main__":
    for line in markdown(Results.load(Path(sys.argv[1]))):
        print(line)  # noqa: T201 - its output
