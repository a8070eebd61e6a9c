"""The commands of `hybrid interceptor`."""

from __future__ import annotations

import typer

from airflow_provider_hybrid.cli.interceptor.template import template
from airflow_provider_hybrid.cli.interceptor.zip import zip_

app = typer.Typer(no_args_is_help=True, help="The AWS side: a queue, ways into it, and the Lambda function.")
app.command()(template)
app.command("zip")(zip_)
