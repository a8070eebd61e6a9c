"""`hybrid explain`: what would happen to a message."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from airflow_provider_hybrid.cli.configuration import ConfigOption, VariableOption, read_configuration
from airflow_provider_hybrid.cli.explanation import print_explanation
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.options import JsonOption
from airflow_provider_hybrid.cli.output.explanation import Explanations, message_output
from airflow_provider_hybrid.cli.output.printing import print_json
from airflow_provider_hybrid.cli.printing import console_for_people, plain
from airflow_provider_hybrid.cli.text import TextError, read_text
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE, parse_config
from airflow_provider_hybrid.events.written import read_messages
from airflow_provider_hybrid.sqs.url import queue_name


def explain(
    message: Annotated[
        str, typer.Argument(help="A file with a message, or - for standard input.", metavar="MESSAGE_FILE|-")
    ],
    config: ConfigOption = None,
    variable: VariableOption = DEFAULT_VARIABLE,
    as_json: JsonOption = False,
) -> None:
    """Say what would happen to a message, with no side effect.

    A message is its body, or what `aws sqs receive-message` prints. One that does not say when it was sent is
    taken for one that was sent just now.

    Exits with code 0 if none of the messages would be rejected or wait for a broken route, 1 if one would, 2
    if there is nothing to explain.
    """
    with leaving_with_2("hybrid explain"):
        text = read_text(Path(message))
        settings = parse_config(*read_configuration(config, variable))
        now = time.time()
        messages = read_messages(text, queue_name(settings.queue_url), now)
        if not messages:
            raise TextError("there is no message: `aws sqs receive-message` has received none")
    room = settings.room({})
    explanations = [settings.explain(found, now) for found in messages]
    if as_json:
        print_json(Explanations([message_output(one, room.limits) for one in explanations]))
    else:
        console = console_for_people()
        for explanation in explanations:
            console.print(plain(f"message {explanation.delivery.message.message_id}", "bold"))
            print_explanation(console, explanation, room)
    deliveries = [explanation.delivery for explanation in explanations]
    raise typer.Exit(int(any(delivery.rejection or delivery.waits_for for delivery in deliveries)))
