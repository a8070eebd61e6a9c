"""What a run takes of that which a watching trigger received."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from airflow.sdk import Asset

from airflow_provider_hybrid.compat import failure_without_retry, mark_taken
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.triggers.event import read_messages

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Taken:
    """Messages of one queue that started a run, none of them twice.

    Args:
        queue_url: Where they came from; where the configuration has changed meanwhile, another than it names.
        messages: Each in its newest delivery.
        received_at: When the first of them were received, in seconds since 1970.
    """

    queue_url: str
    messages: list[Message]
    received_at: float


def take_messages(context: Any, asset: Asset) -> list[Taken]:
    """Take what started this run, and tell the trigger so: from here on the run answers for it.

    Args:
        context: The task's; the asset is one of its inlets.
        asset: What a :class:`~airflow_provider_hybrid.triggers.watch.WatchingTrigger` watches for.

    Returns:
        The messages, queue by queue. None where a reminder or a person started the run.

    Raises:
        AirflowFailException: If there are none because somebody must mend something first. Airflow does not
            try again: the trigger does.
    """
    payloads = [event.extra["payload"] for event in context["triggering_asset_events"].get(asset, ())]
    if not payloads:
        log.info("No messages started this run")
        return []
    mark_taken(context, asset, max(payload["received_at"] for payload in payloads))
    taken = list(_by_queue([payload for payload in payloads if payload["count"]]))
    if not taken and (error := payloads[-1]["error"]):
        raise failure_without_retry(error)
    return taken


def _by_queue(batches: list[dict[str, Any]]) -> Iterator[Taken]:
    for queue_url, group in groupby(sorted(batches, key=_queue_url), key=_queue_url):
        of_queue = list(group)
        # One that came back before Airflow took it is in two batches; only the newest can be settled.
        messages = {message.message_id: message for batch in of_queue for message in read_messages(batch)}
        yield Taken(queue_url, list(messages.values()), min(payload["received_at"] for payload in of_queue))


def _queue_url(payload: dict[str, Any]) -> str:
    return str(payload["queue_url"])
