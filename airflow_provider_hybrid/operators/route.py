"""The operator that takes what a watching trigger received, and decides what each message starts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from airflow.sdk import Asset, BaseOperator

from airflow_provider_hybrid.compat import failure_without_retry, mark_taken
from airflow_provider_hybrid.config import DEFAULT_VARIABLE, load_config
from airflow_provider_hybrid.dispatching.at_once import LaunchesAtOnce
from airflow_provider_hybrid.dispatching.batch import Dispatching
from airflow_provider_hybrid.launching.link import LaunchedRunsLink
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.triggers.event import read_messages


class RouteMessagesOperator(LaunchesAtOnce, BaseOperator):
    """Route the messages that started this run, and return the groups to launch.

    Map :class:`~airflow_provider_hybrid.operators.launch.LaunchDagRunsOperator` over its result, in a DAG
    whose schedule is an asset that :class:`~airflow_provider_hybrid.triggers.watch.SqsQueueTrigger` watches.

    It deletes nothing. Messages that ask for more runs than there is room for (``max_queued_runs``) go back
    to the queue.

    Args:
        messages: The asset.
        config_variable: The Airflow Variable that holds the dispatcher's configuration.
        launch_at_once: A single group of at most so many runs this task launches itself, and returns nothing:
            that saves a process and its second. 0 for none.

    Raises:
        ConfigError: When it runs, if the Variable is missing or wrong.
        AirflowFailException: When it runs, if the trigger could not receive until somebody mends something.
            Airflow does not try again: the trigger does.
    """

    template_fields: Sequence[str] = ()
    ui_color = "#e8f3ff"
    operator_extra_links = [LaunchedRunsLink()]  # noqa: RUF012 - as the base class has it

    def __init__(
        self,
        *,
        messages: Asset,
        config_variable: str = DEFAULT_VARIABLE,
        launch_at_once: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(inlets=[messages], **kwargs)
        self.config_variable = config_variable
        self.launch_at_once = launch_at_once

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
        left: list[dict[str, Any]] = []
        for queue_url, of_queue in groupby(sorted(batches, key=_queue_url), key=_queue_url):
            dispatching = Dispatching(config, queue_url)
            left += self.hand_on(_groups(dispatching, list(of_queue)), dispatching, context["run_id"])
        return left


def _groups(dispatching: Dispatching, batches: list[dict[str, Any]]) -> list[list[Delivery]]:
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
