"""A sample of an event, as its producer would send it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import typer

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.testing import sample_message


def sample(name: str, via: Sequence[str], facts: Sequence[str], queue: str) -> Message:
    """Make a message.

    Args:
        name: The sample's name.
        via: The ways that it takes to the queue.
        facts: What the producer says: ``key=orders/1.csv``. A value that is JSON counts as what it is there.
        queue: The queue's name.

    Raises:
        SampleError: If there is no such sample, way or fact.
    """
    entry = sample_message(name, via=list(via), queue=queue, **dict(map(_fact, facts)))
    return Message.from_sqs(entry, queue)


def _fact(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator or not name.isidentifier():
        raise typer.BadParameter(f"--set {text!r} names no fact. Write NAME=VALUE, as key=orders/1.csv")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
