"""The routes of a configuration, for a test."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from airflow_provider_hybrid.config.document import read_document
from airflow_provider_hybrid.config.faults import refusal
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import ReadIncluded, parse_config
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import ConfigError
from airflow_provider_hybrid.sqs.url import queue_name
from airflow_provider_hybrid.testing.file import text_of
from airflow_provider_hybrid.testing.outcome import Outcome
from airflow_provider_hybrid.testing.samples.make import QUEUE, as_message

Document = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""A configuration, or a list of routes as an included Variable holds it."""

Included = str | Path | Mapping[str, Document | str]
"""The folder of the files of included Variables, or what each of them holds."""


def routes_of(source: str | Path | Document, include: Included | None = None) -> Routes:
    """Read a dispatcher's configuration, to try events on its routes.

    Args:
        source: The configuration's file, or the configuration itself; also a list of routes alone, as an
            included Variable holds it.
        include: What the Variables in ``include`` hold: a folder with a file ``<Variable>.json`` for each, or
            each one's text or list of routes by its name. Without it the folder of the configuration's file.

    Raises:
        ConfigError: If it cannot be read, or has a fault: names each path, the value found and the fix.
    """
    if isinstance(source, str | Path):
        file = Path(source)
        text, origin, folder = text_of(file), str(file), file.parent
    else:
        text, origin, folder = json.dumps(source), "configuration", Path()
    config = parse_config(_with_queue(text), origin, _reader(folder if include is None else include))
    if config.broken.faults:
        raise refusal(repr(origin), config.broken.faults)
    return Routes(config)


class Routes:
    """Routes that a test tries events on. `routes_of` makes it."""

    def __init__(self, config: DispatcherConfig) -> None:
        self._config = config

    def given(self, event: Any) -> Outcome:
        """Let the dispatcher receive an event, and say what comes of it. Nothing is started or sent.

        Args:
            event: What a producer sends (`sample_event`), or a whole message (`sample_message`, or what `aws
                sqs receive-message` prints of one). A text is the body of a message, to the letter.

        Raises:
            ValueError: If it is the output of `aws sqs receive-message` with another number of messages.
        """
        message = Message.from_sqs(_received(event), queue_name(self._config.queue_url))
        return Outcome(self._config, message)


def _with_queue(text: str) -> str:
    """Write a list of routes as the configuration of a made-up queue; any other text stays."""
    try:
        document, _ = read_document(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(document, list):
        return text
    queue_url = f"https://sqs.eu-west-1.amazonaws.com/123456789012/{QUEUE}"
    return json.dumps({"queue_url": queue_url, "routes": document})


def _reader(include: Included) -> ReadIncluded:
    if isinstance(include, str | Path):
        folder = Path(include)
        return lambda name: text_of(folder / f"{name}.json")

    def read(name: str) -> str:
        if name not in include:
            raise ConfigError(f"'include' of routes_of has no {name!r}; add it")
        held = include[name]
        return held if isinstance(held, str) else json.dumps(held)

    return read


def _received(event: Any) -> Mapping[str, Any]:
    """Return the message that an event lies in, as SQS hands it out."""
    if isinstance(event, str):
        return as_message(event)
    if isinstance(event, Mapping) and isinstance(found := event.get("Messages"), list):
        if len(found) != 1:
            raise ValueError(f"given() takes one message, and these are {len(found)}; give them one by one")
        event = found[0]
    if isinstance(event, Mapping) and event.keys() >= {"MessageId", "ReceiptHandle", "Body"}:
        return event
    return as_message(json.dumps(event))
