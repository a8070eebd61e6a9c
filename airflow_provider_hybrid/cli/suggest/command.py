"""`hybrid suggest`: a route for each kind of events that wait in a queue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from airflow_provider_hybrid.cli.aws import airflow_is_quiet
from airflow_provider_hybrid.cli.configuration import VariableOption, read_configuration
from airflow_provider_hybrid.cli.leaving import ended_by_an_exception, leaving_with_2
from airflow_provider_hybrid.cli.options import JsonOption
from airflow_provider_hybrid.cli.output.printing import print_json
from airflow_provider_hybrid.cli.output.suggestion import suggestions_output
from airflow_provider_hybrid.cli.printing import console_for_people, plain, shortened
from airflow_provider_hybrid.cli.queue_url import check_queue_url
from airflow_provider_hybrid.cli.suggest.look import Found, KindFound, sort_messages
from airflow_provider_hybrid.cli.suggest.written import as_written
from airflow_provider_hybrid.compat.installation import connections_from_database
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE, parse_config
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.sqs.client import open_client
from airflow_provider_hybrid.sqs.dead_letters.holding import hold
from airflow_provider_hybrid.sqs.dead_letters.queues import in_plain_words
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.redrive_policy import RedrivePolicy, find_redrive_policy
from airflow_provider_hybrid.sqs.url import queue_name

SPARE = 2
"""Receives that a look leaves to each message: it goes no further once it has met one with fewer."""

LONGEST_EXAMPLE = 100
"""Characters of an example that the table shows; ``--json`` has all of it."""


def suggest(
    queue_url: Annotated[
        str | None,
        typer.Option(
            help="The queue. Default: the configuration's. With it, no configuration need exist.",
            show_default=False,
        ),
    ] = None,
    aws_conn_id: Annotated[
        str,
        typer.Option(help="With --queue-url: Airflow's connection; '' for the machine's own credentials."),
    ] = "aws_default",
    limit: Annotated[
        int,
        typer.Option(min=1, max=10_000, help="Look at so many messages at most; SQS gives ten at a time."),
    ] = 100,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A file with the configuration. Default: the Variable, or none with --queue-url.",
            show_default=False,
        ),
    ] = None,
    variable: VariableOption = DEFAULT_VARIABLE,
    as_json: JsonOption = False,
) -> None:
    """Look at messages that wait in a queue, and propose a route for each kind of event that no route wants.

    All messages are given back at once. But a look counts as one receive of each: after as many as the
    queue's maxReceiveCount SQS moves a message to the dead-letter queue. The command does not see what a
    dispatcher receives at the same time.

    Exits with code 0, or 2 if the queue or the configuration cannot be read.
    """
    with leaving_with_2("hybrid suggest"), airflow_is_quiet():
        if queue_url:
            check_queue_url(queue_url)
        settings = None
        if config or not queue_url:
            settings = parse_config(*read_configuration(config, variable))
        queue = settings.queue if settings else Queue(queue_url or "", aws_conn_id or None)
        queue = queue.another(queue_url or queue.url)
        with in_plain_words(queue):
            with connections_from_database():
                client = open_client(queue)
            policy = find_redrive_policy(client, queue.url)
            messages = _look(client, queue, limit, policy)
        found = sort_messages(messages, settings)
    warnings = _warnings(messages, policy)
    if as_json:
        print_json(suggestions_output(found, warnings))
        return
    for warning in warnings:
        console_for_people(stderr=True).print(plain(warning, "yellow"), soft_wrap=True)
    _print(found)


def _look(client: Any, queue: Queue, limit: int, policy: RedrivePolicy | None) -> list[Message]:
    """Receive messages, and give them all back, however this ends."""
    if policy and policy.max_receive_count == 1:
        raise QueueError(
            f"the maxReceiveCount of {queue.url!r} is 1: after a look at a message SQS would move it to the "
            "dead-letter queue. Raise it in the queue's redrive policy (10 is usual)"
        )
    messages: list[Message] = []
    with (
        ended_by_an_exception(),
        Console(stderr=True).status("Looking at the queue") as status,
        hold(client, queue.url, queue_name(queue.url), limit) as holding,
    ):
        for received in holding.read():
            messages += received
            status.update(f"Looking at the queue: {len(messages)}")
            if len(messages) >= limit or any(_receives_left(one, policy) < SPARE for one in received):
                break
    return messages


def _receives_left(message: Message, policy: RedrivePolicy | None) -> float:
    return policy.max_receive_count - message.receive_count if policy else float("inf")


def _warnings(messages: Sequence[Message], policy: RedrivePolicy | None) -> list[str]:
    scarce = [left for one in messages if (left := _receives_left(one, policy)) < SPARE]
    if policy is None or not scarce:
        return []
    return [
        f"{len(scarce)} message(s) were received so often that SQS hands them out only "
        f"{max(0, min(scarce)):.0f} times more before it moves them to the dead-letter queue: "
        f"maxReceiveCount is {policy.max_receive_count}, and a look counts. So this one went no "
        "further. Raise it, or let a dispatcher settle them"
    ]


def _print(found: Found) -> None:
    console = console_for_people(wide=True)
    if not found.messages:
        console.print("No message waits in the queue, or somebody else has received all of them")
        return
    console.print(f"{found.messages} message(s) were looked at and given back")
    table = Table("events", "source", "detail-type", "of", "wanted by")
    for one in found.kinds:
        kind = one.kind
        table.add_row(
            str(one.count),
            plain(kind.source),
            plain(kind.detail_type or ""),
            plain(str(kind.place) if kind.place else f"such as {shortened(one.example, LONGEST_EXAMPLE)}"),
            plain(*_answer(one)),
        )
    for column in table.columns[1:]:
        column.overflow = "fold"
    if found.kinds:
        console.print(table)
    if found.without_event:
        console.print(f"{found.without_event} message(s) hold no event: S3 sends such a one to try the queue")
    for fault, count in found.faults.items():
        console.print(plain(f"{count} message(s) cannot be understood: {fault}"))
    _print_proposals(console, found)


def _answer(one: KindFound) -> tuple[str, str]:
    if one.wanted_by:
        return f"route {', '.join(one.wanted_by)}", "green"
    if one.proposal is None:
        return "nobody, which is right: it is an empty object that stands for a folder", ""
    return f"nobody; proposed below: {one.proposal['name']}", "yellow"


def _print_proposals(console: Console, found: Found) -> None:
    proposals = [one.proposal for one in found.kinds if one.proposal]
    if not proposals:
        return
    console.print(
        '\nFor the list "routes" of the configuration, once you have put the ids of your DAGs there:\n'
    )
    # It is for a file, so a terminal must not break its lines.
    typer.echo(as_written(proposals))
    for one in found.kinds:
        if one.proposal and one.shared_with:
            name, others = one.proposal["name"], ", ".join(one.shared_with)
            console.print(
                plain(f"\n{name} also wants events of {others}: each route that wants one starts a run")
            )
