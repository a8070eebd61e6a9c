"""The operator that starts DAG runs and settles the messages that asked for them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator

from airflow_provider_hybrid.dispatch.launch import Launcher
from airflow_provider_hybrid.links.launched_runs import LaunchedRunsLink
from airflow_provider_hybrid.routing.delivery import Delivery, load_deliveries
from airflow_provider_hybrid.routing.group import count_runs_of
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.troubleshooting import naming_entries, with_addresses

_OF_ONE_RUN = {
    *("trigger_run_id", "conf", "note", "logical_date", "run_after"),
    *("reset_dag_run", "skip_when_already_exists", "fail_when_dag_is_paused"),
    *("wait_for_completion", "poke_interval", "allowed_states", "failed_states", "deferrable"),
}
"""Arguments of `TriggerDagRunOperator` that describe one run; here the routes describe the runs."""


class LaunchDagRunsOperator(TriggerDagRunOperator):
    """Start the DAG runs of a group of messages, then settle the messages.

    It is a `TriggerDagRunOperator` for many runs: one mapped instance starts all runs of its group.
    A message is deleted once all its runs exist. One whose runs do not start stays in the queue, and comes
    back later.

    Its arguments come from `SqsEventSensor` by ``expand_kwargs``.
    None of them is a template: what an event holds is never rendered.

    Args:
        trigger_dag_id: The DAG to trigger; several, separated by commas, where each message starts runs of
            all of them. The launches name each run's DAG.
        deliveries: The messages and their launches, as JSON text.
        queue_url: The queue that the messages came from.
        aws_conn_id: Airflow's AWS connection; None for the machine's own credentials.
        region_name: AWS region; None for the one in the queue's URL, else the connection's.
        dead_letter_queue_url: The queue for messages that can never work; None for the one in the queue's
            redrive policy.
        visibility_timeout: Seconds until the messages come back if this task dies.
        openlineage_inject_parent_info: Whether to add OpenLineage's parent information to each run's conf,
            where OpenLineage runs.
        kwargs: Arguments of `BaseOperator`. Those of `TriggerDagRunOperator` that describe one run are
            refused.

    Raises:
        ValueError: If an argument describes one run.
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
        openlineage_inject_parent_info: bool = True,
        **kwargs: Any,
    ) -> None:
        if refused := sorted(_OF_ONE_RUN & kwargs.keys()):
            fault = (
                f"LaunchDagRunsOperator takes no {', '.join(refused)}: it starts many runs, and each run's "
                "route describes it. Set 'conf' and 'note' in the route"
            )
            raise ValueError(with_addresses(fault))
        super().__init__(trigger_dag_id=trigger_dag_id, **kwargs)
        # The base class takes this argument from version 1.10 of its provider on.
        self.openlineage_inject_parent_info = openlineage_inject_parent_info
        self.deliveries = deliveries
        self.queue_url = queue_url
        self.aws_conn_id = aws_conn_id
        self.region_name = region_name
        self.dead_letter_queue_url = dead_letter_queue_url
        self.visibility_timeout = visibility_timeout
        self.launcher: Launcher | None = None

    @property
    def label(self) -> str:
        """The text that the UI shows for this instance, for example ``partner_a: 12 runs``."""
        deliveries = self._deliveries
        if runs := count_runs_of(deliveries):
            return f"{self.trigger_dag_id}: {runs} run{'s' * (runs != 1)}"
        return f"no run: {len(deliveries)} message{'s' * (len(deliveries) != 1)}"

    def execute(self, context: Any) -> None:
        """Start every run, settle every message, then tell what failed."""
        self.launcher = Launcher(
            Queue(self.queue_url, self.aws_conn_id, self.region_name),
            self.dead_letter_queue_url,
            self.visibility_timeout,
            self.openlineage_inject_parent_info,
        )
        with naming_entries():
            self.launcher.launch(self._deliveries, context)

    def on_kill(self) -> None:
        """Start no more runs, and give the messages back at once."""
        if self.launcher:
            self.launcher.stop()

    @cached_property
    def _deliveries(self) -> list[Delivery]:
        return load_deliveries(self.deliveries)
