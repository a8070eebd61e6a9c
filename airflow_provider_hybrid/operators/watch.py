"""The operator that waits for the deadlines of expectations."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NoReturn

from airflow.sdk import BaseOperator

from airflow_provider_hybrid.compat.task import failure_without_retry, start_dag_run
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE, load_config
from airflow_provider_hybrid.routing.expectation import Deadline, Expectation, due
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.triggers.deadline import GRACE, DeadlineTrigger
from airflow_provider_hybrid.triggers.timing import linger
from airflow_provider_hybrid.troubleshooting import naming_entries

SHIFT = timedelta(days=1, hours=1)
"""How long a run watches. It outlives the begin of the next day's run, so that no deadline falls between."""

HANDOVER = timedelta(minutes=1)
"""How long before its begin it looks back: when Airflow comes back, the last run ends as the next begins."""

_OF_A_DEADLINE = ("expectation", "missing", "came")
"""The conf of a run that stands for a deadline."""


class WatchExpectationsOperator(BaseOperator):
    """Wait for the deadlines of a day, and start the run of each.

    It waits in the triggerer, where it costs no process, and follows the changes of the Variable. A
    deadline's run is started some seconds after it. If an
    event came in time, that run exists already.

    In the run of a deadline it only hands over that run's conf, for
    `ExpectationOperator` to map over.

    Args:
        config_variable: The Airflow Variable that holds the dispatcher's configuration.
        kwargs: Arguments of `BaseOperator`.

    Raises:
        AirflowFailException: When it runs, if the Variable names another DAG.
        ConfigError: When it runs, if the Variable is missing or wrong. Airflow may try again.
        LaunchError: When it runs, if Airflow does not start a run. Airflow may try again.
    """

    template_fields: Sequence[str] = ()
    ui_color = "#fff6da"

    def __init__(self, *, config_variable: str = DEFAULT_VARIABLE, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config_variable = config_variable

    def execute(self, context: Any) -> list[dict[str, Any]]:
        """Begin to watch, or hand over what the run of a deadline is to look at."""
        conf = context["dag_run"].conf or {}
        if "expectation" in conf:
            return [{name: conf[name] for name in _OF_A_DEADLINE if name in conf}]
        with naming_entries():
            return self._watch((context["dag_run"].start_date - HANDOVER).timestamp(), context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> list[dict[str, Any]]:
        """Go on after a deadline."""
        with naming_entries():
            return self._watch(event["since"], context)

    def _watch(self, since: float, context: Any) -> list[dict[str, Any]]:
        """Start the runs of the deadlines since a moment, and wait for the next one."""
        config = load_config(self.config_variable)
        dag_id = context["ti"].dag_id
        if config.expect and config.expectations_dag_id != dag_id:
            raise failure_without_retry(
                f"'expectations_dag_id' in the Airflow Variable {self.config_variable!r} is "
                f"{config.expectations_dag_id!r}, and this DAG is {dag_id!r}. Write this DAG's id there, "
                "then clear this task"
            )
        now = time.time()
        for expectation, deadline in due(config.expectations, since, now - GRACE):
            self._look(expectation, deadline)
        ends_at = (context["dag_run"].run_after + SHIFT).timestamp()
        if now < ends_at:
            self._wait(max(since, now - GRACE), ends_at)
        return []

    def _wait(self, since: float, ends_at: float) -> NoReturn:
        trigger = DeadlineTrigger(self.config_variable, since, ends_at, delay_seconds=linger())
        self.defer(trigger=trigger, method_name="execute_complete")

    def _look(self, expectation: Expectation, deadline: Deadline) -> None:
        conf = {"expectation": deadline.expectation, "missing": expectation.missing(deadline)}
        if start_dag_run(Launch(expectation.route, deadline.dag_id, deadline.run_id, conf)):
            self.log.info("Nothing has come for %s yet", deadline.run_id)
