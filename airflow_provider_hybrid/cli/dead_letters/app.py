"""The commands of `hybrid dead-letters`."""

from __future__ import annotations

import typer

from airflow_provider_hybrid.cli.dead_letters.discard import discard
from airflow_provider_hybrid.cli.dead_letters.list import list_
from airflow_provider_hybrid.cli.dead_letters.redrive import redrive
from airflow_provider_hybrid.cli.dead_letters.show import show

app = typer.Typer(
    no_args_is_help=True,
    help="Read what is in the dead-letter queue, send it back to the queue, or delete it for ever.",
)
app.command("list")(list_)
app.command()(show)
app.command()(redrive)
app.command()(discard)
