"""Dead letters in a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from airflow_provider_hybrid.cli.printing import plain, print_what_to_do, shortened
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding
from airflow_provider_hybrid.sqs.dead_letters.letter import MAX_RECEIVE_COUNT, DeadLetter

REASON = 160
"""Characters of a reason that the table shows; `show` tells the rest."""

ROOMY = 150
"""Columns from which on one line is enough for a dead letter."""


def print_letters(console: Console, letters: Sequence[DeadLetter]) -> None:
    """Print the dead letters, and how many there are of each error type."""
    console.print(_wide(letters) if console.width >= ROOMY else _narrow(letters))
    console.print(plain(kinds(letters)))
    if any(letter.error_type == MAX_RECEIVE_COUNT for letter in letters):
        console.print(
            f"{MAX_RECEIVE_COUNT}: SQS moved it here itself, as it came back too often without being "
            "settled. The failed `launch` and `listen` tasks of the dispatcher say why."
        )
    print_what_to_do(console, (letter.error_message for letter in letters))


def kinds(letters: Sequence[DeadLetter]) -> str:
    """Say how many dead letters there are of each error type."""
    counts = Counter(letter.error_type for letter in letters).most_common()
    said = ", ".join(f"{count} {kind}" for kind, count in counts)
    return f"{len(letters)} dead letter(s){said and f' ({said})'}"


def print_unseen(console: Console, holding: Holding) -> None:
    """Print about how many dead letters could not be read, if there are any."""
    if holding.in_flight:
        console.print(f"Somebody else holds about {holding.in_flight} more; they come back by themselves.")
    if holding.unseen:
        console.print(
            f"About {holding.unseen} more wait behind these: a FIFO queue shows ten of a group, and the next "
            "when those are gone."
        )


def _wide(letters: Sequence[DeadLetter]) -> Table:
    """Give each dead letter one line."""
    table = Table("message id", "sent", "what", "error type", "route", "dispatcher run", "reason")
    for letter in letters:
        routes = ", ".join(letter.routes)
        what = shortened(", ".join(letter.subjects), REASON)
        cells = (letter.id, letter.sent or "", what, letter.error_type, routes, letter.dispatcher_run)
        table.add_row(*map(plain, cells), plain(shortened(letter.error_message, REASON)))
    return table


def _narrow(letters: Sequence[DeadLetter]) -> Table:
    """Give each dead letter several lines."""
    table = Table("message id, sent", "what, error type, route, dispatcher run, reason", show_lines=True)
    for letter in letters:
        what = shortened(", ".join(letter.subjects), REASON)
        why = (what, letter.error_type, ", ".join(letter.routes), letter.dispatcher_run)
        table.add_row(
            _lines(letter.id, letter.sent or ""),
            _lines(*filter(None, why), shortened(letter.error_message, REASON)),
        )
    table.columns[0].no_wrap = True
    table.columns[1].overflow = "fold"
    return table


def _lines(*texts: str) -> Text:
    return Text("\n").join(map(plain, texts))
