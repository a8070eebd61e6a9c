"""The sensor that receives messages and decides what each of them starts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, NoReturn

from airflow.sdk import BaseSensorOperator, PokeReturnValue
from airflow.triggers.base import StartTriggerArgs

from airflow_provider_hybrid.compat.task import (
    class_of_failures_without_retry,
    count_at_work,
    failure_without_retry,
    is_paused,
    starts_from_trigger,
)
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE, load_config
from airflow_provider_hybrid.dispatch.dispatching import Dispatching
from airflow_provider_hybrid.dispatch.intake import Intake
from airflow_provider_hybrid.dispatch.launch import Launcher
from airflow_provider_hybrid.dispatch.plan import Plan
from airflow_provider_hybrid.dispatch.record import errors_written_down
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import ConfigError, LaunchError, QueueError
from airflow_provider_hybrid.links.launched_runs import LaunchedRunsLink
from airflow_provider_hybrid.sqs.calls import is_burst
from airflow_provider_hybrid.triggers.event import read_messages
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
from airflow_provider_hybrid.triggers.timing import Timing, linger
from airflow_provider_hybrid.troubleshooting import logger, naming_entries

log = logger(__name__)


class SqsEventSensor(BaseSensorOperator):
    """Receive messages from SQS, route the events in them, and return the groups to launch.

    Map `LaunchDagRunsOperator` over its result:

        LaunchDagRunsOperator.partial(task_id="launch").expand_kwargs(SqsEventSensor(task_id="listen").output)

    It deletes only messages that it has launched itself, and never gives up waiting: deferred, it costs no
    worker. On Airflow 3.0 and 3.3 it begins in the triggerer. On 3.1 and 3.2 it begins on a worker, takes the
    messages that are in the queue already, and defers if there are none.

    More than ten messages at once are a burst and become one batch: the sensor adds the messages that came
    while Airflow resumed the task. If it launches at once, it then goes on with the messages that came
    meanwhile, until none comes within five seconds, for five minutes at most. After a single message that
    came more than five seconds after the last one, it looks for more without waiting. It ends if the DAG is
    paused or the configuration changes. It also ends with fewer messages than a route's ``batch`` holds:
    further ones gather until the next run.

    Messages that wait for their time (``window_seconds``, ``delay_seconds``) go back to the queue, and come
    back when they are due. If windows closed just now, it waits for a second until their messages are all
    there.

    Messages for a DAG that holds too many queued runs (``max_queued_runs``) go back to the queue, too, and
    come back later. While all DAGs are full, or hold too many queued runs together, it takes nothing, and
    waits in the same way.

    Args:
        config_variable: The Airflow Variable that holds the dispatcher's configuration.
        deferrable: Wait in the triggerer. Otherwise the task polls on a worker, with one long poll a poke.
        launch_at_once: Whether this task starts few runs itself (those of a single group, or up to 100 of the
            smallest groups), and returns the other groups. That saves a process and its seconds.

    Raises:
        ConfigError: When it runs, if the Variable is missing or wrong.
        AirflowFailException: When it runs, if some routes are broken; once a minute, as the others go on.
        QueueError: When it runs, if SQS refuses for a reason that somebody must mend.
    """

    timing = Timing()
    template_fields: Sequence[str] = ()
    ui_color = "#e8f3ff"
    operator_extra_links = [LaunchedRunsLink()]  # noqa: RUF012 - as the base class has it

    def __init__(
        self,
        *,
        config_variable: str = DEFAULT_VARIABLE,
        deferrable: bool = True,
        launch_at_once: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.config_variable = config_variable
        self.deferrable = deferrable
        self.launch_at_once = launch_at_once
        self.launcher: Launcher | None = None
        if deferrable and starts_from_trigger():
            self.start_from_trigger = True
            self.start_trigger_args = StartTriggerArgs(
                trigger_cls=f"{SqsEventTrigger.__module__}.{SqsEventTrigger.__qualname__}",
                trigger_kwargs={"config_variable": config_variable},
                next_method=self.execute_complete.__name__,
            )

    @classmethod
    def get_serialized_fields(cls) -> frozenset[str]:
        """Store the Variable's key with the DAG in Airflow's database, where `hybrid doctor` finds it."""
        fields = super().get_serialized_fields()  # type: ignore[no-untyped-call]
        return frozenset({*fields, "config_variable"})

    def execute(self, context: Any) -> Any:
        """Receive what is there, or wait in the triggerer or by poking; return the groups to launch."""
        with naming_entries(), errors_written_down(context["ti"]):
            return self._take_or_defer(context) if self.deferrable else super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> list[dict[str, Any]]:
        """Go on with the messages that the trigger received."""
        try:
            with naming_entries(), errors_written_down(context["ti"]):
                return self._go_on_with(event, context)
        except QueueError as error:
            if event.get("goes_on"):
                # A retry would tell the same in half a minute; the next run does in a minute.
                raise failure_without_retry(str(error)) from error
            raise

    def on_kill(self) -> None:
        """Start no more runs, and give the messages back at once."""
        if self.launcher:
            self.launcher.stop()

    def poke(self, context: Any) -> PokeReturnValue:
        """Receive with one long poll, on the worker."""
        config = load_config(self.config_variable)
        dispatching = Dispatching(config)
        ti = context["ti"]
        messages = Intake(config, ti.dag_id).take(dispatching, config.wait_time_seconds)
        plan = dispatching.plan(messages, ti)
        left = self._hand_on(plan, dispatching, context)
        if config.broken.faults and not plan.groups:
            raise ConfigError(str(config.broken))
        return PokeReturnValue(is_done=bool(plan.groups), xcom_value=left)

    def _go_on_with(self, event: dict[str, Any], context: Any) -> list[dict[str, Any]]:
        messages = read_messages(event)
        if not messages:
            return self._take_or_defer(context)
        config = load_config(self.config_variable)
        dispatching = Dispatching(config, config.queue.another(event["queue_url"]))
        intake = Intake(config, context["ti"].dag_id)
        dispatching.keep(messages, event["received_at"])
        is_same_queue = event["queue_url"] == config.queue_url
        if is_same_queue and (is_burst(messages) or config.has_windows):
            messages += intake.take(dispatching, 0, messages)
        left = self._hand_on_or_defer(messages, config, dispatching, context)
        if left or not is_same_queue:
            return left
        is_alone = len(messages) == 1 and not event["is_stream"]
        pause = 0 if is_alone else self.timing.next_message
        return self._go_on(messages, intake, dispatching, context, pause)

    def _take_or_defer(self, context: Any) -> list[dict[str, Any]]:
        config = load_config(self.config_variable)
        dispatching, intake = Dispatching(config), Intake(config, context["ti"].dag_id)
        messages = intake.take(dispatching, wait_time_seconds=1)
        left = self._hand_on_or_defer(messages, config, dispatching, context)
        return left or self._go_on(messages, intake, dispatching, context, self.timing.next_message)

    def _hand_on_or_defer(
        self, messages: list[Message], config: DispatcherConfig, dispatching: Dispatching, context: Any
    ) -> list[dict[str, Any]]:
        plan = dispatching.plan(messages, context["ti"])
        left = self._hand_on(plan, dispatching, context)
        if not plan.groups and not plan.waiting:
            self._defer(config, dispatching)
        return left

    def _hand_on(self, plan: Plan, dispatching: Dispatching, context: Any) -> list[dict[str, Any]]:
        """Launch a small plan here, or return the arguments with which `LaunchDagRunsOperator` launches it.

        Then give back to the queue what waits.

        Raises:
            AirflowFailException: If messages must stay in the queue, or SQS refuses to delete.
        """
        _, many = plan.split()
        if self.launch_at_once and many and self._others_launch():
            plan = dispatching.spread(plan)
        try:
            return self._launch_or_leave(plan, dispatching, context)
        finally:
            dispatching.give_back(plan, context["ti"])

    def _launch_or_leave(self, plan: Plan, dispatching: Dispatching, context: Any) -> list[dict[str, Any]]:
        few, many = plan.split() if self.launch_at_once else ([], plan.groups)
        began = time.time()
        if few:
            self.launcher = self.launcher or dispatching.launcher()
            try:
                self.launcher.launch(few, context)
            except (class_of_failures_without_retry(), QueueError) as error:
                if many:
                    # A task that fails hands nothing on. The messages come back: a later task fails for them.
                    log.warning("%s", error)
                elif isinstance(error, QueueError):
                    # A retry of this task would receive other messages; SQS brings these back.
                    raise failure_without_retry(str(error)) from error
                else:
                    raise
        if many:
            dispatching.keep([delivery.message for group in many for delivery in group], began)
        return [dispatching.launch_arguments(group) for group in many]

    def _others_launch(self) -> bool:
        """Whether tasks that another run has handed its messages on to are at work."""
        try:
            return bool(self.downstream_task_ids) and count_at_work(self.dag_id, self.downstream_task_ids) > 0
        except LaunchError as error:
            log.warning("It is not known whether tasks of another run are at work. %s", error)
            return False

    def _go_on(
        self,
        messages: list[Message],
        intake: Intake,
        dispatching: Dispatching,
        context: Any,
        wait_time_seconds: int,
    ) -> list[dict[str, Any]]:
        """Launch the messages that came during the launch before, until none comes any more.

        It ends with messages that do not fill a batch: the next ones gather until the next run, so that they
        fill one.
        """
        config, until = intake.config, time.monotonic() + self.timing.stream
        while len(messages) >= config.full_batch and time.monotonic() < until and self._may_go_on(config):
            dispatching.next_batch()
            messages = intake.take(dispatching, wait_time_seconds)
            plan = dispatching.plan(messages, context["ti"])
            left = self._hand_on(plan, dispatching, context)
            if left or plan.surplus:
                return left
            wait_time_seconds = self.timing.next_message
        return []

    def _may_go_on(self, config: DispatcherConfig) -> bool:
        return load_config(self.config_variable) == config and not is_paused(self.dag_id)

    def _defer(self, config: DispatcherConfig, dispatching: Dispatching) -> NoReturn:
        room = dispatching.room()
        trigger = SqsEventTrigger(
            self.config_variable,
            dag_ids=sorted(room.queued.keys() - set(config.dag_ids)) if room else (),
            delay_seconds=linger(),
        )
        self.defer(trigger=trigger, method_name="execute_complete")
