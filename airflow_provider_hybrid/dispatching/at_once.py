"""What a task does with the groups that it made: few runs it starts itself."""

from __future__ import annotations

from itertools import chain
from typing import Any

from airflow_provider_hybrid.compat import failure_without_retry
from airflow_provider_hybrid.dispatching.batch import Dispatching
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.launching.launcher import Launcher
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.group import count_runs_of

FEW = 100
"""Runs that several groups may ask for together until each of them is worth a task of its own.

A run costs this task about 17 ms; another task costs one to two seconds until it begins. docs/performance.md
has the measurement.
"""


class LaunchesAtOnce:
    """For operators that return the groups to launch."""

    launch_at_once: bool
    launcher: Launcher | None = None

    def hand_on(
        self, groups: list[list[Delivery]], dispatching: Dispatching, context: Any
    ) -> list[dict[str, Any]]:
        """Launch the groups if ``launch_at_once`` says so, and return what is then left to launch.

        A single group is launched whatever it asks for: another task would do nothing beside it. Several are
        launched while all of them together ask for few runs.

        Args:
            groups: From ``dispatching``.
            dispatching: What made them.
            context: The task's.

        Returns:
            Arguments for `LaunchDagRunsOperator`, one set for each group.

        Raises:
            AirflowFailException: If messages must stay in the queue, or SQS refuses to delete.
        """
        is_little = len(groups) == 1 or sum(map(count_runs_of, groups)) <= FEW
        if not (self.launch_at_once and is_little):
            return [dispatching.launch_arguments(group) for group in groups]
        self.launcher = self.launcher or dispatching.launcher()
        try:
            self.launcher.launch(list(chain.from_iterable(groups)), context)
        except QueueError as error:
            # Another try of this task would wait for other messages: SQS brings these back.
            raise failure_without_retry(str(error)) from error
        return []

    def on_kill(self) -> None:
        """Start no more runs, and give the messages back at once."""
        if self.launcher:
            self.launcher.stop()
