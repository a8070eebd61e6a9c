"""`hybrid explain`: what would happen to a message."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

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
from airflow_provider_hybrid.events.message import Message
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

    Exits with code 0 if every message is wanted or settled quietly, 1 if one would be rejected or wait for a
    broken route, 2 if there is nothing to explain.
    """
    with leaving_with_2("hybrid explain"):
        text = read_text(Path(message))
        settings = parse_config(*read_configuration(config, variable))
        messages = read_messages(text, queue_name(settings.queue_url))
        if not messages:
            raise TextError("there is no message: `aws sqs receive-message` has received none")
    room, now = settings.room({}), time.time()
    explanations = [settings.explain(_sent(found, now), now) for found in messages]
    if as_json:
        print_json(Explanations([message_output(one, room.limits) for one in explanations]))
    else:
        console = console_for_people()
        for explanation in explanations:
            console.print(plain(f"message {explanation.delivery.message.message_id}", "bold"))
            print_explanation(console, explanation, room)
    deliveries = [explanation.delivery for explanation in explanations]
    raise typer.Exit(int(any(delivery.rejection or delivery.waits_for for delivery in deliveries)))


def read_messages(text: str, queue: str) -> list[Message]:
    """Read messages from the output of `aws sqs receive-message`, also a part (``--query``), or from a body.

    The lines of `hybrid dead-letters discard --save` are messages, too.

    Args:
        text: The output, the lines, or the body.
        queue: The queue's name.

    Returns:
        The messages; none if the command has received none. A body counts as sent now.
    """
    sent_now = {"SentTimestamp": str(int(time.time() * 1000))}
    bare = [Message(message_id="the-message-id", body=text, attributes=sent_now, queue_name=queue)]
    try:
        document = json.loads(text)
    except RecursionError:
        return bare
    except ValueError:
        document = _lines(text)
    received = document.get("Messages", [document]) if isinstance(document, dict) else document
    if received is None:
        return []
    if isinstance(received, list) and all(map(_is_received, received)):
        return [Message.from_sqs(entry, queue) for entry in received]
    return bare


def _lines(text: str) -> list[Any]:
    """Read a JSON value from each line; a value that is no message if one has none."""
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return [text]


def _sent(message: Message, now: float) -> Message:
    """Return a message that says when it was sent."""
    if message.sent_at is not None:
        return message
    return replace(message, attributes={**message.attributes, "SentTimestamp": str(int(now * 1000))})


def _is_received(entry: Any) -> bool:
    """Say whether this is a message as SQS hands it out."""
    if not isinstance(entry, dict):
        return False
    texts = (entry.get(name) for name in ("MessageId", "ReceiptHandle", "Body"))
    objects = (entry.get(name, {}) for name in ("Attributes", "MessageAttributes"))
    return (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(found, dict) for found in objects)
        and all(isinstance(value, dict) for value in entry.get("MessageAttributes", {}).values())
    )
