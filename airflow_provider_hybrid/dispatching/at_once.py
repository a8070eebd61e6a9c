"""What a task does with the groups that it made: a single one it launches itself."""

from __future__ import annotations

from typing import Any

from airflow_provider_hybrid.compat import failure_without_retry
from airflow_provider_hybrid.dispatching.batch import Dispatching
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.launching.launcher import Launcher
from airflow_provider_hybrid.routing.delivery import Delivery


class LaunchesAtOnce:
    """For operators that return the groups to launch.

    Another task for a single group would cost as much again as this one, and nothing would go on beside it.
    """

    launch_at_once: bool
    launcher: Launcher | None = None

    def hand_on(
        self, groups: list[list[Delivery]], dispatching: Dispatching, dispatcher_run: str
    ) -> list[dict[str, Any]]:
        """Launch a single group if ``launch_at_once`` says so, and return what is then left to launch.

        Args:
            groups: From ``dispatching``.
            dispatching: What made them.
            dispatcher_run: The run id of the dispatcher run.

        Returns:
            Arguments for `LaunchDagRunsOperator`, one set for each group.

        Raises:
            AirflowFailException: If messages must stay in the queue, or SQS refuses to delete.
        """
        if len(groups) != 1 or not self.launch_at_once:
            return [dispatching.launch_arguments(group) for group in groups]
        self.launcher = self.launcher or dispatching.launcher()
        try:
            self.launcher.launch(groups[0], dispatcher_run)
        except QueueError as error:
            # Another try of this task would wait for other messages: SQS brings these back.
            raise failure_without_retry(str(error)) from error
        return []

    def on_kill(self) -> None:
        """Start no more runs, and give the messages back at once."""
        if self.launcher:
            self.launcher.stop()
