"""The command `hybrid` and its subcommands."""

from __future__ import annotations

import typer

from airflow_provider_hybrid import __version__
from airflow_provider_hybrid.cli.cases import try_cases
from airflow_provider_hybrid.cli.dead_letters.app import app as dead_letters
from airflow_provider_hybrid.cli.doctor.command import doctor
from airflow_provider_hybrid.cli.events import events
from airflow_provider_hybrid.cli.explain import explain
from airflow_provider_hybrid.cli.init import init
from airflow_provider_hybrid.cli.interceptor import app as interceptor
from airflow_provider_hybrid.cli.launch import launch
from airflow_provider_hybrid.cli.schema import schema
from airflow_provider_hybrid.cli.send.command import send
from airflow_provider_hybrid.cli.status import status
from airflow_provider_hybrid.cli.suggest.command import suggest
from airflow_provider_hybrid.cli.validate import validate

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)
for command in (init, suggest, validate, explain, send, status, events, launch, schema, doctor):
    app.command()(command)
app.command("test")(try_cases)
app.add_typer(dead_letters, name="dead-letters")
app.add_typer(interceptor, name="interceptor")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and leave."
    ),
) -> None:
    """Events on SQS become DAG runs in Apache Airflow."""
