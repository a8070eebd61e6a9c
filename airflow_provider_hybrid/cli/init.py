"""`hybrid init`: the DAG file and a configuration to start from."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from airflow_provider_hybrid.cli.aws import airflow_is_quiet
from airflow_provider_hybrid.cli.dags_folder import local_bundles
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.printing import printable
from airflow_provider_hybrid.cli.queue_url import check_queue_url
from airflow_provider_hybrid.config.version import VERSION
from airflow_provider_hybrid.exceptions import ConfigError
from airflow_provider_hybrid.routing.route import is_dag_id

CONFIGURATION_FILE = Path("hybrid_dispatcher.json")
CASES_FILE = Path("hybrid_cases.json")

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


FIRST_CONFIGURATION = """\
{
  "//": "The dispatcher's configuration: the Airflow Variable hybrid_dispatcher.",
  "version": %(version)s,
  "queue_url": %(queue_url)s,
  "routes": [
    {
      "//": "Every new object on S3 that the queue is told of starts a run. `hybrid suggest` proposes more.",
      "name": "uploads",
      "event_pattern": {"source": ["aws.s3"], "detail-type": ["Object Created"]},
      "trigger_dag_id": %(dag)s,
      "conf": {"bucket": "{{ event.detail.bucket.name }}", "key": "{{ event.detail.object.key }}"}
    }
  ]
}
"""
"""The configuration for a queue and a DAG that somebody has named."""

FIRST_CASES = """\
{
  "//": "What the configuration must make of events. `hybrid test hybrid_cases.json` tries it.",
  "configuration": "hybrid_dispatcher.json",
  "cases": [
    {
      "name": "an upload starts a run",
      "sample": {"name": "s3:ObjectCreated:Put", "bucket": "my-bucket", "key": "in/my-file.csv"},
      "starts": [{"dag_id": %(dag)s, "conf": {"bucket": "my-bucket", "key": "in/my-file.csv"}}]
    },
    {
      "name": "a deletion starts nothing",
      "sample": {"name": "s3:ObjectRemoved:Delete", "bucket": "my-bucket", "key": "in/my-file.csv"},
      "starts": [],
      "because": "detail-type"
    }
  ]
}
"""
"""The first test of that configuration."""


class Answers(NamedTuple):
    """What somebody has named.

    Args:
        queue_url: The queue.
        dag: The DAG that each upload starts.
    """

    queue_url: str
    dag: str


def init(
    dags_folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DAGS_FOLDER",
            help="The DAGs folder. Default: the one in Airflow's configuration on this machine.",
            show_default=False,
        ),
    ] = None,
    queue_url: Annotated[
        str | None,
        typer.Option(help="The URL of the queue to listen to, for the configuration.", show_default=False),
    ] = None,
    dag: Annotated[
        str | None,
        typer.Option(help="The DAG that each upload starts, for the configuration.", show_default=False),
    ] = None,
) -> None:
    """Write the dispatcher's DAG file into the DAGs folder, and a configuration into the current folder.

    On a terminal it asks for the queue and for a first DAG, and then also writes a first test for `hybrid
    test`. If you press Enter at its first question, or without a terminal, the configuration is an example
    to fill in. It never overwrites a file. Exits with code 0 if all is written, 1 if something existed, 2 if
    Airflow's configuration names no folder.
    """
    with leaving_with_2("hybrid init"):
        _check(queue_url, dag)
        dag_file = (dags_folder or _dags_folder()) / "hybrid_dispatcher.py"
        answers = None if CONFIGURATION_FILE.exists() else _answers(queue_url, dag)
        written = [_write(dag_file, DAG_FILE), _write(CONFIGURATION_FILE, _configuration(answers))]
        if answers:
            written.append(_write(CASES_FILE, FIRST_CASES % {"dag": json.dumps(answers.dag)}))
    typer.echo("\nNext:")
    if answers:
        typer.echo(f"  1. hybrid test {CASES_FILE}")
    else:
        typer.echo(f"  1. put your queue and your routes into {CONFIGURATION_FILE}")
    typer.echo(f'  2. airflow variables set hybrid_dispatcher "$(cat {CONFIGURATION_FILE})"')
    typer.echo("  3. airflow dags unpause hybrid_dispatcher")
    if not all(written):
        raise typer.Exit(1)


def _check(queue_url: str | None, dag: str | None) -> None:
    if queue_url is not None:
        check_queue_url(queue_url)
    if dag is not None and not is_dag_id(dag):
        raise ConfigError(_no_dag_id(dag))
    if (queue_url is None) != (dag is None) and not _somebody_is_there():
        missing = "--queue-url" if queue_url is None else "--dag"
        raise typer.BadParameter(f"there is no terminal to ask on: give {missing}, too")


def _answers(queue_url: str | None, dag: str | None) -> Answers | None:
    """Ask for what is not given; return None if nobody knows the queue yet."""
    if (queue_url is None or dag is None) and not _somebody_is_there():
        return None
    while queue_url is None:
        answer = typer.prompt("URL of the SQS queue (Enter: not known yet)", default="", show_default=False)
        if not answer:
            return None
        try:
            check_queue_url(answer)
            queue_url = answer
        except ConfigError as fault:
            typer.echo(printable(str(fault)))
    while dag is None:
        answer = typer.prompt("Id of the DAG that each upload starts")
        if is_dag_id(answer):
            dag = answer
        else:
            typer.echo(printable(_no_dag_id(answer)))
    return Answers(queue_url, dag)


def _no_dag_id(text: str) -> str:
    return f"{text!r} is no DAG id: up to 250 letters, digits, '_', '-' and '.'"


def _somebody_is_there() -> bool:
    # Each is None if the process was started with it closed.
    return all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _configuration(answers: Answers | None) -> str:
    if answers is None:
        return CONFIGURATION
    values = {**answers._asdict(), "version": VERSION}
    return FIRST_CONFIGURATION % {name: json.dumps(value) for name, value in values.items()}


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
