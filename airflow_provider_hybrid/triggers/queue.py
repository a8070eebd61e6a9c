"""Watch a queue for a DAG that is scheduled on it directly, without a dispatcher."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow_provider_hybrid.compat import require_asset_state_store
from airflow_provider_hybrid.triggers.budget import Unlimited
from airflow_provider_hybrid.triggers.watch import WatchingTrigger

if TYPE_CHECKING:
    from airflow_provider_hybrid.queue_config import QueueConfig
    from airflow_provider_hybrid.triggers.handover import Handover


class SqsQueueTrigger(WatchingTrigger["QueueConfig"]):
    """Watch a queue that the DAG file names; ``MessageQueueTrigger(scheme="hybrid+sqs", ...)`` makes one too.

    The first task of the DAG is
    :class:`~airflow_provider_hybrid.operators.take.TakeMessagesOperator`. Until it has run, nothing is
    deleted, and no more than one further batch is received.

    The arguments are checked when the trigger runs: what is wrong with them is an event, which fails that
    task with the reason.

    Args:
        queue: The fields of :class:`~airflow_provider_hybrid.queue_config.QueueConfig`: ``queue_url``, and
            where the default is not right ``aws_conn_id``, ``region_name``, ``dead_letter_queue_url``,
            ``wait_time_seconds``, ``visibility_timeout`` (seconds), ``max_messages``.

    Raises:
        ValueError: If this Airflow keeps no state for an asset (it does from 3.3 on).
    """

    def __init__(self, **queue: Any) -> None:
        require_asset_state_store("SqsQueueTrigger")
        super().__init__()
        self._arguments = queue

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the class's path and the arguments that make an equal trigger."""
        return f"{type(self).__module__}.{type(self).__qualname__}", self._arguments

    def read_config(self) -> QueueConfig:
        """Check the arguments, once."""
        return self._config

    def budget(self, config: QueueConfig, handover: Handover) -> Unlimited:  # noqa: ARG002
        """Return no bound: a run takes whatever waits."""
        return Unlimited()

    async def count_runs(self) -> None:
        """Say nothing: a trigger is not told which DAGs are scheduled on it."""

    @cached_property
    def _config(self) -> QueueConfig:
        # Imported here, in a thread: the triggerer imports this module on its event loop.
        from airflow_provider_hybrid.queue_config import check_queue

        return check_queue(self._arguments)
