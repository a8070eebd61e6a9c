"""The operator that starts DAG runs and settles the messages that asked for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timezone
from functools import cached_property
from typing import Any

from airflow.sdk import BaseOperator

from airflow_provider_hybrid.compat import failure_without_retry, start_dag_run
from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.operators.link import LaunchedRunsLink
from airflow_provider_hybrid.operators.settlement import Settlement
from airflow_provider_hybrid.queues.hook import patient_client
from airflow_provider_hybrid.queues.lease import Lease
from airflow_provider_hybrid.queues.sqs import Failures
from airflow_provider_hybrid.queues.url import is_fifo
from airflow_provider_hybrid.routing.delivery import Delivery, load_deliveries
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.launching import launch_in_order


class LaunchDagRunsOperator(BaseOperator):
    """Start the DAG runs of a group of messages, then settle the messages.

    One mapped instance does what would take an instance of `TriggerDagRunOperator` for each run. It is no
    subclass of that operator, whose import would cost every task of the dispatcher half a second.

    A run that exists already counts as started, so a retry is harmless. A message is deleted after its last
    run exists; one that can never work goes to the dead-letter queue; one whose runs cannot be started today
    stays in the queue and comes back, later with each time. None keeps the others from being done, but in a
    FIFO queue those behind it in its message group: what failed is told at the end.

    While it works it keeps the messages invisible. If it dies, they come back after one visibility timeout;
    stopped in an orderly way, it gives them back at once.

    Its arguments come from :class:`~airflow_provider_hybrid.sensors.sqs.SqsEventSensor` by ``expand_kwargs``.
    None of them is a template: what an event holds is never rendered.

    Args:
        trigger_dag_id: The DAG (or DAGs, with commas) that the group starts runs of; for people.
        deliveries: The messages and their launches, as JSON text.
        queue_url: The queue that the messages came from.
        aws_conn_id: Airflow's AWS connection; None for the machine's own credentials.
        region_name: AWS region; None for the one in the queue's URL, else the connection's.
        dead_letter_queue_url: Where messages go that can never work; None for the one of the queue's redrive
            policy.
        visibility_timeout: Seconds until the messages come back if this task dies.

    Raises:
        AirflowFailException: When it runs, at the end, if a message must stay in the queue; names every such
            message. Airflow does not try again: SQS does.
        QueueError: When it runs, if SQS refuses to delete. Airflow may try again.
        LaunchError: When it was stopped.
    """

    template_fields: Sequence[str] = ()
    ui_color = "#ffefeb"
    operator_extra_links = [LaunchedRunsLink()]  # noqa: RUF012 - as the base class has it

    def __init__(
        self,
        *,
        trigger_dag_id: str,
        deliveries: str,
        queue_url: str,
        aws_conn_id: str | None = "aws_default",
        region_name: str | None = None,
        dead_letter_queue_url: str | None = None,
        visibility_timeout: int = 30,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.trigger_dag_id = trigger_dag_id
        self.deliveries = deliveries
        self.queue_url = queue_url
        self.aws_conn_id = aws_conn_id
        self.region_name = region_name
        self.dead_letter_queue_url = dead_letter_queue_url
        self.visibility_timeout = visibility_timeout
        self.launched: list[Launch] = []
        self._stopped = False

    @property
    def label(self) -> str:
        """What the UI shows for this instance, for example ``partner_a: 12 runs``."""
        deliveries = self._deliveries
        if runs := len({launch for delivery in deliveries for launch in delivery.launches}):
            return f"{self.trigger_dag_id}: {runs} run{'s' * (runs != 1)}"
        return f"no run: {len(deliveries)} message{'s' * (len(deliveries) != 1)}"

    def execute(self, context: Any) -> None:
        """Start every run, settle every message, then tell what failed."""
        deliveries = self._deliveries
        messages = [delivery.message for delivery in deliveries]
        settlement = Settlement(
            lambda: self._client,
            self.queue_url,
            self.dead_letter_queue_url,
            self.aws_conn_id,
            context["run_id"],
        )
        stay = dict.fromkeys(messages, "")
        try:
            with Lease(lambda: self._client, self.queue_url, messages, self.visibility_timeout) as lease:

                def start(launch: Launch) -> str:
                    lease.keep()
                    return self._start(launch)

                self.began = datetime.now(tz=timezone.utc)
                launched = launch_in_order(
                    deliveries,
                    start,
                    ordered=is_fifo(self.queue_url),
                    is_last_chance=settlement.is_last_chance,
                )
                self.ended = datetime.now(tz=timezone.utc)
                stay = launched.refused | settlement.settle(launched.done)
        finally:
            left = [delivery.message for delivery in deliveries if delivery.leave]
            settlement.give_back([*stay, *left], at_once=self._stopped)
        if stay:
            # Airflow need not try again: SQS does.
            raise failure_without_retry(_summary(stay, len(deliveries)))

    def on_kill(self) -> None:
        """Start no more runs, and give the messages back at once."""
        self._stopped = True

    def _start(self, launch: Launch) -> str:
        """Start a run; say why it did not start, or nothing."""
        if self._stopped:
            raise LaunchError("The task was stopped. Its messages come back; runs that exist stay.")
        try:
            started = start_dag_run(launch)
        except LaunchError as error:
            return f"DAG {launch.trigger_dag_id!r} does not start. {error}"
        self.launched.append(launch)
        state = "started" if started else "exists already"
        self.log.info("Run %s of DAG %s: %s", launch.trigger_run_id, launch.trigger_dag_id, state)
        return ""

    @cached_property
    def _deliveries(self) -> list[Delivery]:
        return load_deliveries(self.deliveries)

    @cached_property
    def _client(self) -> Any:
        return patient_client(self.queue_url, self.aws_conn_id, self.region_name)


def _summary(faults: Failures, total: int) -> str:
    """Name every message, those with the same trouble together."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for message, reason in faults.items():
        by_reason[reason].append(message.message_id)
    return "\n".join(
        [
            f"{len(faults)} of {total} message(s) must stay in the queue and will come back:",
            *(f"- {reason} (message {', '.join(ids)})" for reason, ids in by_reason.items()),
        ]
    )
