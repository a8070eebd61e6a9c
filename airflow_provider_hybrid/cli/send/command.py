"""`hybrid send`: a message as its producer sends it, and what becomes of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from airflow_provider_hybrid.cli.aws import airflow_is_quiet
from airflow_provider_hybrid.cli.configuration import ConfigOption, VariableOption, read_configuration
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.options import JsonOption
from airflow_provider_hybrid.cli.output.printing import print_json
from airflow_provider_hybrid.cli.output.sending import Sendings
from airflow_provider_hybrid.cli.printing import console_for_people, plain, printable
from airflow_provider_hybrid.cli.send.enqueue import enqueue
from airflow_provider_hybrid.cli.send.follow import Fate, Sent, follow, told_before
from airflow_provider_hybrid.cli.send.report import print_fate, sending_output
from airflow_provider_hybrid.cli.send.sample import sample as make_sample
from airflow_provider_hybrid.cli.send.upload import CONTENT, SCHEME, S3Object, UploadError, put
from airflow_provider_hybrid.cli.text import TextError, read_text, standard_input
from airflow_provider_hybrid.compat.installation import airflow_session, connections_from_database
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE, parse_config
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.written import read_messages
from airflow_provider_hybrid.exceptions import HybridError, QueueError
from airflow_provider_hybrid.sqs.client import open_client
from airflow_provider_hybrid.sqs.dead_letters.queues import in_plain_words
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.url import queue_name

UNKNOWN = 3
"""The exit code if nobody knows yet what becomes of it."""


def send(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE|-|s3://BUCKET/KEY",
            help="A file with a message (its body, or what `aws sqs receive-message` prints), or - for "
            "standard input. Or an address, to which a small object is uploaded. Or, before an address, the "
            "file to upload there.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Argument(metavar="s3://BUCKET/KEY", help="Where to upload the file.", show_default=False),
    ] = None,
    sample: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Send an event made for the purpose: s3:ObjectCreated:Put, eventbridge, cloudevents, json, "
            "... An unknown name shows all. The same sample is the same event, which starts its runs once.",
            show_default=False,
        ),
    ] = None,
    facts: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="With --sample: what the producer says, as key=orders/1.csv. May be repeated.",
            show_default=False,
        ),
    ] = None,
    via: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WAY",
            help="With --sample: the way to the queue, as eventbridge, sns, interceptor. May be repeated.",
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the object if there is one.")
    ] = False,
    wait: Annotated[bool, typer.Option(help="Wait until it is settled.")] = True,
    timeout: Annotated[float, typer.Option(min=0, help="Wait at most so many seconds.")] = 120,
    aws_conn_id: Annotated[
        str | None,
        typer.Option(
            help="Send by this Airflow connection; '' for the machine's own credentials. Default: the "
            "configuration's.",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    variable: VariableOption = DEFAULT_VARIABLE,
    as_json: JsonOption = False,
) -> None:
    """Send a message as its producer does, and follow it: its runs with their links, or why there are none.

    An object is uploaded, and S3 itself tells the queue of it, by the way that you have set up. It stays in
    its bucket. An object that is there already is not replaced without --overwrite.

    Exits with code 0 if all of it has its runs, or was sent with --no-wait; 1 if something is settled without
    a run; 2 if it was not sent; 3 if something is not settled when the time is over.
    """
    if (what is None) == (sample is None):
        raise typer.BadParameter("name what to send: a file, an address s3://BUCKET/KEY, or --sample NAME")
    dag_ids: list[str] | None = None
    with leaving_with_2("hybrid send"):
        address = to or (what if what and what.startswith(SCHEME) else None)
        place = S3Object.parse(address, Path(what or "").name if to else "") if address else None
        with airflow_is_quiet():
            settings = parse_config(*read_configuration(config, variable))
            queue = settings.queue
            if aws_conn_id is not None:
                queue = replace(queue, aws_conn_id=aws_conn_id or None)
            if wait and config is None:
                dag_ids = _dispatchers(variable)
            if place:
                content = _content(what or "") if to else CONTENT
                others = told_before(str(place), dag_ids) if wait else frozenset()
                sent = _upload(place, content, queue, others, overwrite=overwrite)
            elif sample:
                sent = _enqueue([make_sample(sample, via or (), facts or (), queue_name(queue.url))], queue)
            else:
                sent = _enqueue(_messages(what or "", queue), queue)
        if not sent:
            raise UploadError(
                f"{place} exists, and would be replaced, so nothing was uploaded. Choose another key, or add "
                "--overwrite"
            )
    if not as_json:
        for one in sent:
            typer.echo(printable(f"{'sent' if one.message_id else 'uploaded'}  {one.text}"))
    fates = [Fate(one, None, {}) for one in sent]
    if wait and settings.run_ids == "opaque" and any(one.message_id is None for one in sent):
        _warn("Nobody can follow the object: the record names none, as 'run_ids' is 'opaque'")
    elif wait:
        fates = _followed(fates, variable, dag_ids, timeout)
    _print(fates, as_json=as_json, wait=wait)
    raise typer.Exit(_code(fates) if wait else 0)


def _print(fates: Sequence[Fate], *, as_json: bool, wait: bool) -> None:
    if as_json:
        print_json(Sendings([sending_output(fate) for fate in fates]))
    elif wait:
        console = console_for_people()
        for fate in fates:
            print_fate(console, fate)


def _upload(
    place: S3Object, content: bytes, queue: Queue, others: frozenset[str], *, overwrite: bool
) -> list[Sent]:
    """Return nothing if there is such an object."""
    with connections_from_database():
        is_there_now = put(place, content, queue, overwrite=overwrite)
    return [Sent(str(place), None, time.time(), others)] if is_there_now else []


def _messages(file: str, queue: Queue) -> list[Message]:
    messages = read_messages(read_text(Path(file)), queue_name(queue.url), time.time())
    if not messages:
        raise TextError("there is no message: `aws sqs receive-message` has received none")
    return messages


def _enqueue(messages: Sequence[Message], queue: Queue) -> list[Sent]:
    sent: list[Sent] = []
    try:
        with in_plain_words(queue):
            with connections_from_database():
                client = open_client(queue)
            for message in messages:
                message_id = enqueue(client, queue, message)
                sent.append(Sent(message_id, message_id, time.time()))
    except QueueError as error:
        if sent:
            found = f"Only the first {len(sent)} of {len(messages)} messages were sent"
            raise QueueError(f"{found}. {error}") from error
        raise
    return sent


def _followed(fates: list[Fate], variable: str, dag_ids: Sequence[str] | None, timeout: float) -> list[Fate]:
    """Wait; also if Airflow's database does not answer, what was sent is sent."""
    try:
        with airflow_is_quiet():
            for trouble in _troubles(variable, dag_ids):
                _warn(trouble)
            with _telling() as tell:
                return follow([fate.sent for fate in fates], dag_ids, timeout, tell)
    except HybridError as error:
        _warn(f"It was sent, and cannot be followed. {error}")
        return fates


def _content(file: str) -> bytes:
    return standard_input() if file == "-" else Path(file).read_bytes()


def _dispatchers(variable: str) -> list[str]:
    # Imported here, as all that imports Airflow's models: `hybrid --help` need not wait for them.
    from airflow_provider_hybrid.view.dispatchers import dispatchers

    with airflow_session():
        return [dag_id for dag_id, name in dispatchers().items() if name == variable]


def _troubles(variable: str, dag_ids: Sequence[str] | None) -> list[str]:
    """Say why nobody will receive what was sent, where that is known."""
    from airflow_provider_hybrid.view.state import MEANINGS, REMEDIES, WELL, state_of

    if dag_ids is None:
        return []
    if not dag_ids:
        return [
            f"Airflow knows no dispatcher with the Variable {variable!r}: `hybrid init` writes a DAG file"
        ]
    with airflow_session() as session:
        states = {dag_id: state_of(session, dag_id) for dag_id in dag_ids}
    return [
        f"{dag_id}: {MEANINGS[state]}. {REMEDIES[state]}"
        for dag_id, state in states.items()
        if state not in WELL
    ]


@contextmanager
def _telling() -> Iterator[Callable[[Sequence[Fate]], None]]:
    """Show on a terminal how long it takes; and everywhere, once, why something waits."""
    begin = time.monotonic()
    said: set[str] = set()
    with Console(stderr=True, highlight=False).status("Waiting for the dispatcher") as status:

        def tell(fates: Sequence[Fate]) -> None:
            status.update(f"Waiting for the dispatcher ({time.monotonic() - begin:.0f} s)")
            for fate in fates:
                reason = fate.line.reason if fate.line and not fate.is_settled else ""
                if reason and reason not in said:
                    said.add(reason)
                    _warn(f"waiting: {reason}")

        yield tell


def _warn(text: str) -> None:
    console_for_people(stderr=True).print(plain(text))


def _code(fates: Sequence[Fate]) -> int:
    if not all(fate.is_settled for fate in fates):
        return UNKNOWN
    return int(any(fate.line and fate.line.outcome not in {"started", "existed"} for fate in fates))
