"""Watch the queue of a dispatcher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async

from airflow_provider_hybrid.compat import count_runs
from airflow_provider_hybrid.triggers.budget import Budget, Unlimited
from airflow_provider_hybrid.triggers.watch import WatchingTrigger

if TYPE_CHECKING:
    from airflow_provider_hybrid.config import DispatcherConfig
    from airflow_provider_hybrid.triggers.handover import Handover


class DispatcherTrigger(WatchingTrigger["DispatcherConfig"]):
    """Watch the queue that a dispatcher's Variable names.

    A change of the Variable has its effect with the next messages. While the DAGs of the routes hold too many
    queued runs (``max_queued_runs``) nothing is received.

    Args:
        config_variable: The Airflow Variable that holds the dispatcher's configuration.
        dag_id: The dispatcher: while it has no active run, all that it was handed is launched.
    """

    def __init__(self, config_variable: str, dag_id: str) -> None:
        super().__init__()
        self.config_variable = config_variable
        self.dag_id = dag_id

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the class's path and the arguments that make an equal trigger."""
        arguments = {"config_variable": self.config_variable, "dag_id": self.dag_id}
        return f"{type(self).__module__}.{type(self).__qualname__}", arguments

    def read_config(self) -> DispatcherConfig:
        """Read the Variable."""
        # Imported here, in a thread: the triggerer imports this module on its event loop.
        from airflow_provider_hybrid.config import load_config

        return load_config(self.config_variable)

    def budget(self, config: DispatcherConfig, handover: Handover) -> Budget | Unlimited:
        """Return what ``max_queued_runs`` leaves."""
        if config.max_queued_runs is None:
            return Unlimited()
        return Budget(config, config.max_queued_runs, self.dag_id, handover)

    async def count_runs(self) -> int:
        """Count the runs of the dispatcher."""
        return await sync_to_async(count_runs)(self.dag_id)
