"""Dead letters in a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from airflow_provider_hybrid.cli.printing import plain, shortened
from airflow_provider_hybrid.queues.dead_letter import MAX_RECEIVE_COUNT, DeadLetter
from airflow_provider_hybrid.queues.holding import Holding

REASON = 100
"""Characters of a reason that the table shows; `show` tells the rest."""


def print_letters(console: Console, letters: Sequence[DeadLetter]) -> None:
    """Print a line for each, and how many there are of which kind."""
    table = Table("message id", "sent", "error type", "route", "dispatcher run", "reason")
    for letter in letters:
        cells = (
            letter.id,
            letter.sent or "",
            letter.error_type,
            ", ".join(letter.routes),
            letter.dispatcher_run,
            shortened(letter.error_message, REASON),
        )
        table.add_row(*map(plain, cells))
    for column in table.columns[:2]:
        column.no_wrap = True
    console.print(table)
    console.print(plain(kinds(letters)))
    if any(letter.error_type == MAX_RECEIVE_COUNT for letter in letters):
        console.print(
            f"{MAX_RECEIVE_COUNT}: SQS moved it here itself, as it came back too often without being "
            "settled. The failed `launch` and `listen` tasks of the dispatcher say why."
        )


def kinds(letters: Sequence[DeadLetter]) -> str:
    """Say how many there are of which error type."""
    counts = Counter(letter.error_type for letter in letters).most_common()
    said = ", ".join(f"{count} {kind}" for kind, count in counts)
    return f"{len(letters)} dead letter(s){said and f' ({said})'}"


def print_unseen(console: Console, holding: Holding) -> None:
    """Say what could not be looked at, if there is anything."""
    if holding.in_flight:
        console.print(
            f"About {holding.in_flight} more are in other hands just now and come back by themselves."
        )
    if holding.unseen:
        console.print(
            f"About {holding.unseen} more wait behind these: a FIFO queue shows ten of a group, and the next "
            "when those are gone."
        )
