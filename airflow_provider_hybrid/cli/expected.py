"""Showing expectations to people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from airflow_provider_hybrid.cli.printing import plain

if TYPE_CHECKING:
    from airflow_provider_hybrid.view.expectations import DeadlineState, DeadlineView, ExpectationView

STYLES: dict[DeadlineState, str] = {"came": "green", "came late": "yellow", "missing": "red"}


def print_expectations(console: Console, expectations: Sequence[ExpectationView]) -> None:
    """Print each expectation with its last and its next deadline; nothing if there is none."""
    if not expectations:
        return
    table = Table("expectation", "route", "by", "last deadline (UTC)", "", "next deadline (UTC)", "")
    for one in expectations:
        table.add_row(
            plain(one.name), plain(one.route), plain(one.by), *_deadline(one.last), *_deadline(one.next)
        )
    console.print(table)


def _deadline(deadline: DeadlineView | None) -> tuple[str, Text]:
    if deadline is None:
        return "none", plain("")
    when = datetime.fromtimestamp(deadline.moment, tz=timezone.utc)
    return f"{when:%Y-%m-%d %H:%M}", plain(deadline.state, STYLES.get(deadline.state, ""))
