"""The operator that takes what a watching trigger received, and decides what each message starts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from airflow.sdk import Asset, BaseOperator

from airflow_provider_hybrid.compat import failure_without_retry, mark_taken
from airflow_provider_hybrid.config import DEFAULT_VARIABLE, load_config
from airflow_provider_hybrid.dispatching import Dispatching
from airflow_provider_hybrid.triggers.event import read_messages


class RouteMessagesOperator(BaseOperator):
    """Route the messages that started this run, and return the groups to launch.

    Map :class:`~airflow_provider_hybrid.operators.launch.LaunchDagRunsOperator` over its result, in a DAG
    whose schedule is an asset that :class:`~airflow_provider_hybrid.triggers.watch.SqsQueueTrigger` watches.

    It deletes nothing. Messages that ask for more runs than there is room for (``max_queued_runs``) go back
    to the queue.

    Args:
        messages: The asset.
        config_variable: The Airflow Variable that holds the dispatcher's configuration.

    Raises:
        ConfigError: When it runs, if the Variable is missing or wrong.
        AirflowFailException: When it runs, if the trigger could not receive until somebody mends something.
            Airflow does not try again: the trigger does.
    """

    template_fields: Sequence[str] = ()
    ui_color = "#e8f3ff"

    def __init__(self, *, messages: Asset, config_variable: str = DEFAULT_VARIABLE, **kwargs: Any) -> None:
        super().__init__(inlets=[messages], **kwargs)
        self.config_variable = config_variable

    def execute(self, context: Any) -> list[dict[str, Any]]:
        """Tell the trigger what this run took, and return the groups."""
        (asset,) = self.inlets
        events = context["triggering_asset_events"].get(asset, ())
        payloads = [event.extra["payload"] for event in events]
        if not payloads:
            self.log.info("No messages started this run")
            return []
        mark_taken(context, asset, max(payload["received_at"] for payload in payloads))
        batches = [payload for payload in payloads if payload["count"]]
        if not batches:
            return _nothing(payloads)
        config = load_config(self.config_variable)
        return [
            group
            for queue_url, of_queue in groupby(sorted(batches, key=_queue_url), key=_queue_url)
            for group in _groups(Dispatching(config, queue_url), list(of_queue))
        ]


def _groups(dispatching: Dispatching, batches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Route what the trigger received from one queue."""
    # One that came back before Airflow took it is in two batches; only the newest delivery can be settled.
    messages = {message.message_id: message for payload in batches for message in read_messages(payload)}
    dispatching.keep(list(messages.values()), min(payload["received_at"] for payload in batches))
    return dispatching.groups(messages.values())


def _nothing(payloads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return no group, or tell why the trigger receives nothing."""
    if error := payloads[-1]["error"]:
        raise failure_without_retry(error)
    return []


def _queue_url(payload: dict[str, Any]) -> str:
    return str(payload["queue_url"])
