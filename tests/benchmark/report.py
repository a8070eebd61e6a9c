"""What is printed while it runs, and at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from tests.benchmark.grid import Grid, flaws, grids
from tests.benchmark.names import CONTENDERS
from tests.benchmark.verdicts import HEADINGS, verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmark.measurement import Measurement, Results


def progress(measurement: Measurement, seconds: float) -> str:
    """Return a line about a measurement."""
    figures = ", ".join(f"{name} {value:.3g}" for name, value in measurement.figures.items())
    flaw = "" if measurement.sound else f"[red]{escape(measurement.flaw)}[/] "
    who = CONTENDERS[measurement.contender]
    return (
        f"round {measurement.round}  {who:21}{measurement.load:12}{flaw}{figures} [dim]({seconds:.0f} s)[/]"
    )


def tables(results: Results) -> Iterator[Table]:
    """Yield the tables of the results for a terminal."""
    for grid in [*grids(results), *judgement(results)]:
        table = Table(title=grid.title, title_justify="left")
        for number, heading in enumerate(grid.headings):
            table.add_column(heading, justify="right" if number else "left", overflow="fold")
        for row in grid.rows:
            table.add_row(*map(escape, row))
        yield table


def judgement(results: Results) -> Iterator[Grid]:
    """Yield the targets, and what is wrong with measurements that were left out."""
    if judged := verdicts(results):
        yield Grid("Targets", HEADINGS, [verdict.cells for verdict in judged])
    if found := flaws(results):
        yield Grid("Left out", ["what went wrong"], [[flaw] for flaw in found])
