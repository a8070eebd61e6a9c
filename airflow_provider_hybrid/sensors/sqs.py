"""The sensor that receives messages and decides what each of them starts."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, NoReturn

from airflow.configuration import conf
from airflow.sdk import BaseSensorOperator, PokeReturnValue

from airflow_provider_hybrid.compat import count_queued_runs
from airflow_provider_hybrid.config import DEFAULT_VARIABLE, DispatcherConfig, load_config
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.queues.url import is_fifo, region_of
from airflow_provider_hybrid.routing.batch import combine
from airflow_provider_hybrid.routing.delivery import Delivery, dump_deliveries
from airflow_provider_hybrid.routing.group import dag_ids, group_deliveries
from airflow_provider_hybrid.routing.room import Room, fill
from airflow_provider_hybrid.routing.router import route_message
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger

Router = Callable[[Message], Delivery]

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

    While the DAGs hold too many queued runs (``max_queued_runs``) it takes nothing, and waits in the same
    way. Messages that ask for more runs than there is room for go back to the queue.

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
        return self._route(messages, config, event["queue_url"], _router(config))

    def poke(self, context: Any) -> PokeReturnValue:  # noqa: ARG002
        """Receive with one long poll, on the worker."""
        config = load_config(self.config_variable)
        groups = self._take(config, config.wait_time_seconds)
        return PokeReturnValue(is_done=bool(groups), xcom_value=groups)

    def _take_or_defer(self) -> list[dict[str, Any]]:
        config = load_config(self.config_variable)
        return self._take(config, wait_time_seconds=1) or self._defer(config, config.dag_ids)

    def _take(self, config: DispatcherConfig, wait_time_seconds: int) -> list[dict[str, Any]]:
        """Receive once, here and now, no more than there is room for; return the groups."""
        room = _room(config)
        if room and not room.runs:
            self.log.info("Nothing is received from %s. %s", config.queue_url, room)
            return []
        router = _router(config)
        messages = _look(config, router, room, wait_time_seconds)
        return self._route(messages, config, config.queue_url, router, room) if messages else []

    def _defer(self, config: DispatcherConfig, dag_ids: Iterable[str]) -> NoReturn:
        self.log.info("Listening to %s", config.queue_url)
        trigger = _trigger(
            config,
            wait_time_seconds=config.wait_time_seconds,
            delay_seconds=_linger(),
            max_idle_seconds=IDLE.total_seconds(),
            dag_ids=sorted(dag_ids),
            max_queued_runs=config.max_queued_runs,
        )
        self.defer(trigger=trigger, method_name="execute_complete")

    def _keep(self, messages: list[Message], config: DispatcherConfig, queue_url: str) -> None:
        """Keep messages invisible for longer: where a task waits for its turn, the next one will too."""
        seconds = PATIENCE * config.visibility_timeout
        _extend(messages, config, queue_url, seconds)
        self.log.info("Airflow is busy: %d message(s) are kept for %d s", len(messages), seconds)

    def _route(
        self,
        messages: list[Message],
        config: DispatcherConfig,
        queue_url: str,
        router: Router,
        counted: Room | None = None,
    ) -> list[dict[str, Any]]:
        deliveries = combine(
            self._fill([router(message) for message in messages], config, queue_url, counted)
        )
        for delivery in deliveries:
            if delivery.rejection:
                self.log.warning("Message %s: %s", delivery.message.message_id, delivery.rejection.error_type)
        groups = [
            _arguments(group, config, queue_url)
            for group in group_deliveries(deliveries, ordered=is_fifo(queue_url))
        ]
        self.log.info(
            "%d message(s) ask for %d DAG run(s), in %d group(s)",
            len(deliveries),
            len({launch for delivery in deliveries for launch in delivery.launches}),
            len(groups),
        )
        return groups

    def _fill(
        self, deliveries: list[Delivery], config: DispatcherConfig, queue_url: str, counted: Room | None
    ) -> list[Delivery]:
        """Keep what there is room for and give the rest back; without any room, wait for it.

        Only now it is known which DAGs the routes with a templated ``trigger_dag_id`` mean.
        """
        room = _room(config, {dag_id for delivery in deliveries for dag_id in delivery.dag_ids}, counted)
        if room is None:
            return deliveries
        fitting, surplus = fill(room, deliveries)
        if surplus:
            self.log.info("No room for %d of %d message(s): they go back", len(surplus), len(deliveries))
            _extend([delivery.message for delivery in surplus], config, queue_url, seconds=0)
        if not fitting and self.deferrable:
            self._defer(config, room.queued)
        return fitting


def _router(config: DispatcherConfig) -> Router:
    """Make what routes a message, each once however often it is asked."""
    routes = config.compile_routes()
    return cache(lambda message: route_message(message, routes, config.unmatched))


def _room(config: DispatcherConfig, dag_ids: Iterable[str] = (), counted: Room | None = None) -> Room | None:
    """Count the queued runs of these DAGs and of those that the routes name; None where there is no limit.

    What was counted just now is not counted again: each DAG costs a request.
    """
    if config.max_queued_runs is None:
        return None
    queued = dict(counted.queued) if counted else {}
    queued |= {id_: count_queued_runs(id_) for id_ in {*config.dag_ids, *dag_ids} - queued.keys()}
    return Room(queued, config.max_queued_runs)


def _extend(messages: list[Message], config: DispatcherConfig, queue_url: str, seconds: int) -> None:
    """Let messages come back after so many seconds."""
    # A rare case need not slow down the usual one, which calls nothing of AWS here.
    from airflow.providers.amazon.aws.hooks.sqs import SqsHook

    from airflow_provider_hybrid.queues.lease import extend

    region_name = config.region_name or region_of(queue_url)
    client = SqsHook(aws_conn_id=config.aws_conn_id, region_name=region_name).get_conn()
    extend(client, queue_url, messages, seconds)


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


def _trigger(config: DispatcherConfig, **waiting: Any) -> SqsEventTrigger:
    return SqsEventTrigger(
        queue_url=config.queue_url,
        aws_conn_id=config.aws_conn_id,
        region_name=config.region_name,
        visibility_timeout=config.visibility_timeout,
        max_messages=config.max_messages,
        **waiting,
    )


def _linger() -> int:
    """Return for how many seconds Airflow may not yet know that the deferring process has ended.

    A task that resumes before that is taken for one whose process died, and fails: the executor reports the
    end of the first process while the scheduler sees the task running
    (`SchedulerJobRunner.process_executor_events`). A supervisor that misses the moment of its task's exit
    notices at its next heartbeat (`ActivitySubprocess._monitor_subprocess`).
    """
    return conf.getint("workers", "min_heartbeat_interval", fallback=5)


def _look(
    config: DispatcherConfig, router: Router, room: Room | None, wait_time_seconds: int
) -> list[Message]:
    """Receive once, here and now, no more messages than ask for so many runs."""

    def runs_of(message: Message) -> int:
        return len(router(message).launches)

    limits: dict[str, Any] = {"max_runs": room.runs, "runs_of": runs_of} if room else {}
    trigger = _trigger(config, wait_time_seconds=wait_time_seconds, max_idle_seconds=0)
    return asyncio.run(trigger.listener(**limits).next_batch())


def _messages(event: dict[str, Any]) -> list[Message]:
    if event["error"]:
        raise QueueError(event["error"])
    return [Message(**fields) for fields in json.loads(event["messages"])]
