"""The operator that starts DAG runs and settles the messages that asked for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timezone
from functools import cached_property, partial
from typing import Any

from airflow.providers.amazon.aws.hooks.sqs import SqsHook
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from botocore.exceptions import BotoCoreError, ClientError

from airflow_provider_hybrid.compat import start_dag_run
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.operators.link import LaunchedRunsLink
from airflow_provider_hybrid.queues.dead_letters import send_dead_letters
from airflow_provider_hybrid.queues.errors import explain
from airflow_provider_hybrid.queues.sqs import Failures, delete_messages, return_messages
from airflow_provider_hybrid.queues.url import region_of
from airflow_provider_hybrid.routing.delivery import Delivery, load_deliveries
from airflow_provider_hybrid.routing.launch import Launch

SHORTEST_RETURN = 60
"""Seconds until a message that could not be settled comes back the first time; doubled with each delivery."""

LONGEST_RETURN = 15 * 60
"""Seconds until it comes back at most."""


class LaunchDagRunsOperator(TriggerDagRunOperator):
    """Start the DAG runs of a group of messages, then settle the messages.

    One mapped instance does what would take a `TriggerDagRunOperator` instance per run. A run that exists
    already counts as started, so a retry is harmless. A message is deleted after its last run exists; one
    that can never work goes to the dead-letter queue; one whose runs cannot be started today stays in the
    queue and comes back, later with each time. None keeps the others from being done: what failed is
    told at the end.

    Its arguments come from :class:`~airflow_provider_hybrid.sensors.sqs.SqsEventSensor` by ``expand_kwargs``.
    None of them is a template: what an event holds is never rendered.

    Args:
        trigger_dag_id: The DAG (or DAGs, with commas) that the group starts runs of; for people.
        deliveries: The messages and their launches, as JSON text.
        queue_url: The queue that the messages came from.
        aws_conn_id: Airflow's AWS connection; None for the machine's own credentials.
        region_name: AWS region; None for the one in the queue's URL, else the connection's.
        dead_letter_queue_url: Where messages go that can never work; None leaves them in the queue.

    Raises:
        LaunchError: When it runs, at the end, if anything could not be done; names every message.
    """

    template_fields: Sequence[str] = ()
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
        **kwargs: Any,
    ) -> None:
        super().__init__(trigger_dag_id=trigger_dag_id, **kwargs)
        self.deliveries = deliveries
        self.queue_url = queue_url
        self.aws_conn_id = aws_conn_id
        self.region_name = region_name
        self.dead_letter_queue_url = dead_letter_queue_url
        self.launched: list[Launch] = []

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
        self.dispatcher_run = context.get("run_id", "")
        self.began = datetime.now(tz=timezone.utc)
        launches = {launch: None for delivery in deliveries for launch in delivery.launches}
        refused = {launch: reason for launch in launches if (reason := self._launch(launch))}
        self.ended = datetime.now(tz=timezone.utc)
        faults = {
            delivery.message: "; ".join(reasons)
            for delivery in deliveries
            if (reasons := [refused[launch] for launch in delivery.launches if launch in refused])
        }
        faults |= self._settle([delivery for delivery in deliveries if delivery.message not in faults])
        self._return([*faults, *(delivery.message for delivery in deliveries if delivery.leave)])
        if faults:
            raise LaunchError(_summary(faults, len(deliveries)))

    def _launch(self, launch: Launch) -> str:
        """Start a run; say why it did not start, or nothing."""
        try:
            started = start_dag_run(launch)
        except LaunchError as error:
            return f"DAG {launch.trigger_dag_id!r} does not start. {error}"
        self.launched.append(launch)
        state = "started" if started else "exists already"
        self.log.info("Run %s of DAG %s: %s", launch.trigger_run_id, launch.trigger_dag_id, state)
        return ""

    def _settle(self, deliveries: Sequence[Delivery]) -> Failures:
        """Delete or dead-letter messages whose runs exist; return those for which it did not work."""
        rejections = {
            delivery.message: delivery.rejection
            for delivery in deliveries
            if delivery.rejection and not delivery.leave
        }
        url = self.dead_letter_queue_url
        if url:
            send = partial(send_dead_letters, dispatcher_run=self.dispatcher_run)
            unsent = self._call(send, url, rejections)
        else:
            unsent = {
                message: f"{rejection.error_type}: {rejection.error_message}. It stays in the queue: the "
                "dispatcher's Variable names no 'dead_letter_queue_url'"
                for message, rejection in rejections.items()
            }
        gone = [
            delivery.message
            for delivery in deliveries
            if not delivery.leave and delivery.message not in unsent
        ]
        return unsent | self._call(delete_messages, self.queue_url, gone)

    def _return(self, messages: Sequence[Message]) -> None:
        """Let messages come back, later with each time that they were received."""
        delays = {
            message: min(LONGEST_RETURN, SHORTEST_RETURN * 2 ** (message.receive_count - 1))
            for message in messages
        }
        for message, reason in self._call(return_messages, self.queue_url, delays).items():
            self.log.warning(
                "Message %s comes back by its old visibility timeout: %s", message.message_id, reason
            )

    def _call(
        self, operation: Callable[[Any, str, Any], Failures], queue_url: str, messages: Collection[Message]
    ) -> Failures:
        """Call SQS; where it refuses as a whole, every message failed for that reason."""
        if not messages:
            return {}
        try:
            return operation(self._client, queue_url, messages)
        except (BotoCoreError, ClientError) as error:
            return dict.fromkeys(messages, explain(error, queue_url, self.aws_conn_id))

    @cached_property
    def _deliveries(self) -> list[Delivery]:
        return load_deliveries(self.deliveries)

    @cached_property
    def _client(self) -> Any:
        region_name = self.region_name or region_of(self.queue_url)
        return SqsHook(aws_conn_id=self.aws_conn_id, region_name=region_name).get_conn()


def _summary(faults: Failures, total: int) -> str:
    """Name every message, those with the same trouble together."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for message, reason in faults.items():
        by_reason[reason].append(message.message_id)
    return "\n".join(
        [
            f"{len(faults)} of {total} message(s) could not be settled and will come back:",
            *(f"- {reason} (message {', '.join(ids)})" for reason, ids in by_reason.items()),
        ]
    )
