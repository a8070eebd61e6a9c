"""The operator that takes what a watching trigger received, and decides what each message starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import Asset, BaseOperator

from airflow_provider_hybrid.config import DEFAULT_VARIABLE, load_config
from airflow_provider_hybrid.dispatching.at_once import LaunchesAtOnce
from airflow_provider_hybrid.dispatching.batch import Dispatching
from airflow_provider_hybrid.launching.link import LaunchedRunsLink
from airflow_provider_hybrid.operators.taking import take_messages


class RouteMessagesOperator(LaunchesAtOnce, BaseOperator):
    """Route the messages that started this run, and return the groups to launch.

    Map :class:`~airflow_provider_hybrid.operators.launch.LaunchDagRunsOperator` over its result, in a DAG
    whose schedule is an asset that
    :class:`~airflow_provider_hybrid.triggers.dispatcher.DispatcherTrigger` watches.

    It deletes nothing but what it has launched itself. Messages that ask for more runs than there is room for
    (``max_queued_runs``) go back to the queue.

    Args:
        messages: The asset.
        config_variable: The Airflow Variable that holds the dispatcher's configuration.
        launch_at_once: A single group this task launches itself, and returns nothing: that saves a process
            and its seconds.

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
        launch_at_once: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(inlets=[messages], **kwargs)
        self.config_variable = config_variable
        self.launch_at_once = launch_at_once

    def execute(self, context: Any) -> list[dict[str, Any]]:
        """Tell the trigger what this run took, and return the groups."""
        (asset,) = self.inlets
        taken = take_messages(context, asset)
        if not taken:
            return []
        config = load_config(self.config_variable)
        left: list[dict[str, Any]] = []
        for batch in taken:
            dispatching = Dispatching(config, batch.queue_url)
            dispatching.keep(batch.messages, batch.received_at)
            left += self.hand_on(dispatching.groups(batch.messages), dispatching, context["run_id"])
        return left
