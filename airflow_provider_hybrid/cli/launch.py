"""`hybrid launch`: a run once more, because somebody wants it."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from airflow_provider_hybrid.cli.aws import airflow_is_quiet
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.printing import printable
from airflow_provider_hybrid.compat.installation import airflow_session


def launch(
    again: Annotated[
        str | None,
        typer.Option(
            metavar="EVENT|RUN",
            help="A run's id; or an event's or a message's id, or an object's key: all runs of that event.",
            show_default=False,
        ),
    ] = None,
    dag: Annotated[str | None, typer.Option(help="Only runs of this DAG.", show_default=False)] = None,
) -> None:
    """Start runs once more, with the conf that they had.

    The new run is called `<id of the first run>~2`, or the next free number, and its note says so. It works
    on Airflow's database, so it is for those who may use `airflow dags trigger`. Exits with code 0 if all
    runs were started, else with 2; then none was.
    """
    if not again:
        raise typer.BadParameter("say what to start once more: --again EVENT|RUN")
    with leaving_with_2("hybrid launch"), airflow_is_quiet(), airflow_session() as session:
        # Imported here: `hybrid --help` need not wait for Airflow.
        from airflow_provider_hybrid.again import launch_again, runs_meant

        who = f"`{getpass.getuser()}` with `hybrid launch --again`"
        started = [launch_again(session, run, who, "cli") for run in runs_meant(session, again, dag)]
    for run in started:
        typer.echo(printable(f"started  {run}"))
