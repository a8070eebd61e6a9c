"""The sensor that receives messages and decides what each of them starts."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NoReturn

from airflow.configuration import conf
from airflow.sdk import BaseSensorOperator, PokeReturnValue

from airflow_provider_hybrid.config import DEFAULT_VARIABLE, DispatcherConfig, load_config
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.queues.url import is_fifo, region_of
from airflow_provider_hybrid.routing.batch import combine
from airflow_provider_hybrid.routing.delivery import Delivery, dump_deliveries
from airflow_provider_hybrid.routing.group import dag_ids, group_deliveries
from airflow_provider_hybrid.routing.router import route_message
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger

IDLE = timedelta(minutes=5)
"""How long the trigger waits before the configuration is read anew."""

PATIENCE = 5
"""How many visibility timeouts a batch may wait for its launches where tasks were seen to wait."""


class SqsEventSensor(BaseSensorOperator):
    """Receive messages from SQS, route the events in them, and return the groups to launch.

    Map :class:`~airflow_provider_hybrid.operators.launch.LaunchDagRunsOperator` over its result::

        LaunchDagRunsOperator.partial(task_id="launch").expand_kwargs(SqsEventSensor(task_id="listen").output)

    It deletes nothing and never gives up waiting: deferred, it costs no worker however long nothing comes.
    What is in the queue already it takes at once, without deferral. The configuration is read when it starts
    to listen, when messages arrive, and every five minutes in between.

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
        """Take what is there, or else wait in the triggerer or by poking; return the groups."""
        if not self.deferrable:
            return super().execute(context)
        return self._take_or_defer()

    def execute_complete(self, context: Any, event: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: ARG002
        """Go on with what the trigger received."""
        messages = _messages(event)
        if not messages:
            return self._take_or_defer()
        config = load_config(self.config_variable)
        if time.time() - event["received_at"] > config.visibility_timeout / 2:
            self._keep(messages, config, event["queue_url"])
        return self._route(messages, config, event["queue_url"])

    def poke(self, context: Any) -> PokeReturnValue:  # noqa: ARG002
        """Receive with one long poll, on the worker."""
        config = load_config(self.config_variable)
        messages = _look(config, config.wait_time_seconds)
        if not messages:
            return PokeReturnValue(is_done=False)
        return PokeReturnValue(is_done=True, xcom_value=self._route(messages, config, config.queue_url))

    def _take_or_defer(self) -> list[dict[str, Any]]:
        config = load_config(self.config_variable)
        messages = _look(config, wait_time_seconds=1)
        if not messages:
            self._defer(config)
        return self._route(messages, config, config.queue_url)

    def _defer(self, config: DispatcherConfig) -> NoReturn:
        self.log.info("Listening to %s", config.queue_url)
        trigger = _trigger(
            config,
            wait_time_seconds=config.wait_time_seconds,
            delay_seconds=_linger(),
            max_idle_seconds=IDLE.total_seconds(),
        )
        self.defer(trigger=trigger, method_name="execute_complete")

    def _keep(self, messages: list[Message], config: DispatcherConfig, queue_url: str) -> None:
        """Keep messages invisible for longer: where a task waits for its turn, the next one will too."""
        # A rare case need not slow down the usual one, which calls nothing of AWS here.
        from airflow.providers.amazon.aws.hooks.sqs import SqsHook

        from airflow_provider_hybrid.queues.lease import extend

        seconds = PATIENCE * config.visibility_timeout
        region_name = config.region_name or region_of(queue_url)
        client = SqsHook(aws_conn_id=config.aws_conn_id, region_name=region_name).get_conn()
        extend(client, queue_url, messages, seconds)
        self.log.info("Airflow is busy: %d message(s) are kept for %d s", len(messages), seconds)

    def _route(
        self, messages: list[Message], config: DispatcherConfig, queue_url: str
    ) -> list[dict[str, Any]]:
        routes = config.compile_routes()
        deliveries = combine([route_message(message, routes, config.unmatched) for message in messages])
        for delivery in deliveries:
            if delivery.rejection:
                self.log.warning("Message %s: %s", delivery.message.message_id, delivery.rejection.error_type)
        groups = [
            _arguments(group, config, queue_url)
            for group in group_deliveries(deliveries, ordered=is_fifo(queue_url))
        ]
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
        "trigger_dag_id": ", ".join(dag_ids(group)),
        "deliveries": dump_deliveries(group),
        "queue_url": queue_url,
        "aws_conn_id": config.aws_conn_id,
        "region_name": config.region_name,
        "dead_letter_queue_url": config.dead_letter_queue_url,
        "visibility_timeout": config.visibility_timeout,
    }


def _trigger(config: DispatcherConfig, **waiting: float) -> SqsEventTrigger:
    return SqsEventTrigger(
        queue_url=config.queue_url,
        aws_conn_id=config.aws_conn_id,
        region_name=config.region_name,
        visibility_timeout=config.visibility_timeout,
        max_messages=config.max_messages,
        **waiting,  # type: ignore[arg-type]
    )


def _linger() -> int:
    """Return for how many seconds Airflow may not yet know that the deferring process has ended.

    A task that resumes before that is taken for one whose process died, and fails: the executor reports the
    end of the first process while the scheduler sees the task running
    (`SchedulerJobRunner.process_executor_events`). A supervisor that misses the moment of its task's exit
    notices at its next heartbeat (`ActivitySubprocess._monitor_subprocess`).
    """
    return conf.getint("workers", "min_heartbeat_interval", fallback=5)


def _look(config: DispatcherConfig, wait_time_seconds: int) -> list[Message]:
    """Receive once, here and now."""

    async def first_event() -> dict[str, Any]:
        trigger = _trigger(config, wait_time_seconds=wait_time_seconds, max_idle_seconds=0)
        return await anext(event.payload async for event in trigger.run())

    return _messages(asyncio.run(first_event()))


def _messages(event: dict[str, Any]) -> list[Message]:
    if event["error"]:
        raise QueueError(event["error"])
    return [Message(**fields) for fields in json.loads(event["messages"])]
