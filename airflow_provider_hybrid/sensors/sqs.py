"""The sensor that receives messages and decides what each of them starts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NoReturn

from airflow.sdk import BaseSensorOperator, PokeReturnValue

from airflow_provider_hybrid.config import DEFAULT_VARIABLE, DispatcherConfig, load_config
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.routing.batch import combine
from airflow_provider_hybrid.routing.delivery import Delivery, dump_deliveries
from airflow_provider_hybrid.routing.group import group_deliveries
from airflow_provider_hybrid.routing.router import route_message
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger

IDLE = timedelta(minutes=5)
"""How long the trigger waits before the configuration is read anew."""


class SqsEventSensor(BaseSensorOperator):
    """Receive messages from SQS, route the events in them, and return the groups to launch.

    Map :class:`~airflow_provider_hybrid.operators.launch.LaunchDagRunsOperator` over its result::

        LaunchDagRunsOperator.partial(task_id="launch").expand_kwargs(SqsEventSensor(task_id="listen").output)

    It deletes nothing and never gives up waiting: deferred, it costs no worker however long nothing comes.
    The configuration is read when it starts to listen, when messages arrive, and every five minutes
    in between.

    Args:
        config_variable: The Airflow Variable that holds the dispatcher's configuration.
        deferrable: Wait in the triggerer. Otherwise the task polls on a worker, with one long poll a poke.

    Raises:
        ConfigError: When it runs, if the Variable is missing or wrong.
        QueueError: When it runs, if SQS refuses for a reason that somebody must mend.
    """

    template_fields: Sequence[str] = ()
    ui_color = "#e8f3ff"

    def __init__(
        self, *, config_variable: str = DEFAULT_VARIABLE, deferrable: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.config_variable = config_variable
        self.deferrable = deferrable

    def execute(self, context: Any) -> Any:
        """Wait in the triggerer or poke, and return the groups."""
        if self.deferrable:
            self._listen(load_config(self.config_variable))
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: ARG002
        """Go on with what the trigger received."""
        config = load_config(self.config_variable)
        messages = _messages(event)
        if not messages:
            self._listen(config)
        return self._route(messages, config, event["queue_url"])

    def poke(self, context: Any) -> PokeReturnValue:  # noqa: ARG002
        """Receive with one long poll, on the worker."""
        config = load_config(self.config_variable)
        event = asyncio.run(_first_event(_trigger(config, max_idle_seconds=0)))
        messages = _messages(event)
        return PokeReturnValue(bool(messages), self._route(messages, config, event["queue_url"]))

    def _listen(self, config: DispatcherConfig) -> NoReturn:
        self.log.info("Listening to %s", config.queue_url)
        self.defer(
            trigger=_trigger(config, max_idle_seconds=IDLE.total_seconds()), method_name="execute_complete"
        )

    def _route(
        self, messages: list[Message], config: DispatcherConfig, queue_url: str
    ) -> list[dict[str, Any]]:
        routes = config.compile_routes()
        deliveries = combine([route_message(message, routes, config.unmatched) for message in messages])
        for delivery in deliveries:
            if delivery.rejection:
                self.log.warning("Message %s: %s", delivery.message.message_id, delivery.rejection.error_type)
        groups = [_arguments(group, config, queue_url) for group in group_deliveries(deliveries)]
        self.log.info(
            "%d message(s) ask for %d DAG run(s), in %d group(s)",
            len(messages),
            len({launch for delivery in deliveries for launch in delivery.launches}),
            len(groups),
        )
        return groups


def _arguments(group: list[Delivery], config: DispatcherConfig, queue_url: str) -> dict[str, Any]:
    """Write a group as arguments of `LaunchDagRunsOperator`."""
    return {
        "trigger_dag_id": ", ".join(group[0].dag_ids),
        "deliveries": dump_deliveries(group),
        "queue_url": queue_url,
        "aws_conn_id": config.aws_conn_id,
        "region_name": config.region_name,
        "dead_letter_queue_url": config.dead_letter_queue_url,
    }


def _trigger(config: DispatcherConfig, max_idle_seconds: float) -> SqsEventTrigger:
    return SqsEventTrigger(
        queue_url=config.queue_url,
        aws_conn_id=config.aws_conn_id,
        region_name=config.region_name,
        wait_time_seconds=config.wait_time_seconds,
        visibility_timeout=config.visibility_timeout,
        max_messages=config.max_messages,
        max_idle_seconds=max_idle_seconds,
    )


async def _first_event(trigger: SqsEventTrigger) -> dict[str, Any]:
    return await anext(event.payload async for event in trigger.run())


def _messages(event: dict[str, Any]) -> list[Message]:
    if event["error"]:
        raise QueueError(event["error"])
    return [Message(**fields) for fields in json.loads(event["messages"])]
