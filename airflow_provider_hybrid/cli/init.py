"""`hybrid init`: the DAG file and a configuration to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from airflow_provider_hybrid.cli.aws import airflow_is_quiet
from airflow_provider_hybrid.cli.dags_folder import local_bundles
from airflow_provider_hybrid.cli.leaving import leaving_with_2

DAG_FILE = '''\
"""The dispatcher DAG; its configuration is the Airflow Variable ``hybrid_dispatcher``."""

from airflow_provider_hybrid import build_dispatcher

dag = build_dispatcher()
'''

CONFIGURATION = """\
{
  "//": [
    "The dispatcher's configuration: the Airflow Variable hybrid_dispatcher.",
    "A key called // holds a comment, here and in each route.",
    "`hybrid validate --config hybrid_dispatcher.json` checks this file."
  ],
  "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/partner-events",
  "aws_conn_id": "aws_default",
  "dead_letter_queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/partner-events-dead",
  "unmatched": "dead_letter",
  "routes": [
    {
      "//": [
        "Every CSV file in the folder of a day, as s3://partner-a/orders/2026-11-22/, starts a run.",
        "event_pattern is an EventBridge event pattern. A folder is an empty object, hence the size.",
        "The strings in conf are Jinja templates over the event."
      ],
      "name": "partner_a",
      "event_pattern": {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
          "bucket": {"name": ["partner-a"]},
          "object": {"key": [{"wildcard": "orders/*-*-*/*.csv"}], "size": [{"numeric": [">", 0]}]}
        }
      },
      "trigger_dag_id": "partner_a",
      "conf": {
        "bucket": "{{ event.detail.bucket.name }}",
        "key": "{{ event.detail.object.key }}",
        "day": "{{ event.detail.object.key.split('/')[1] }}"
      }
    },
    {
      "//": "Switched off: with no conf the run gets the whole event.",
      "name": "orders_placed",
      "enabled": false,
      "event_pattern": {"source": ["shop"], "detail-type": ["Order Placed"]},
      "trigger_dag_id": "orders"
    }
  ]
}
"""


def init(
    dags_folder: Annotated[
        Path | None,
        typer.Argument(
            help="The DAGs folder; else the one in Airflow's configuration on this machine.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write the dispatcher's DAG file into the DAGs folder, and a configuration into the current folder.

    It never overwrites a file. Exits with code 0 if both are written, 1 if one existed, 2 if Airflow's
    configuration names no folder.
    """
    with leaving_with_2("hybrid init"):
        dag_file = (dags_folder or _dags_folder()) / "hybrid_dispatcher.py"
        written = [_write(dag_file, DAG_FILE), _write(Path("hybrid_dispatcher.json"), CONFIGURATION)]
    typer.echo("\nNext:")
    typer.echo("  1. put your queue and your routes into hybrid_dispatcher.json")
    typer.echo('  2. airflow variables set hybrid_dispatcher "$(cat hybrid_dispatcher.json)"')
    typer.echo("  3. airflow dags unpause hybrid_dispatcher")
    if not all(written):
        raise typer.Exit(1)


def _write(path: Path, text: str) -> bool:
    """Write a file unless it exists, and say what was done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            file.write(text)
    except FileExistsError:
        typer.echo(f"kept     {path} (it exists; remove it first to have it written anew)")
        return False
    typer.echo(f"written  {path}")
    return True


def _dags_folder() -> Path:
    """Take the first folder that Airflow looks into, and say so if there are others."""
    with airflow_is_quiet():
        first, *others = local_bundles()
    if others:
        known = ", ".join(f"{bundle.name} ({bundle.folder})" for bundle in others)
        typer.echo(f"taken    DAG bundle {first.name}; for another one name its folder: {known}")
    return first.folder
