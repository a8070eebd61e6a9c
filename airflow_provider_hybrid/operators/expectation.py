"""The operator that fails if what was expected has not come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import BaseOperator

from airflow_provider_hybrid.compat.runs import is_there
from airflow_provider_hybrid.compat.task import failure_without_retry
from airflow_provider_hybrid.routing.expectation import late
from airflow_provider_hybrid.troubleshooting import naming_entries


class ExpectationOperator(BaseOperator):
    """Succeed if an event has come for a deadline; else fail with a sentence that says what is missing.

    The dispatcher starts the deadline's run when an event comes, with ``came``. If none comes,
    `WatchExpectationsOperator` starts it after the deadline, with ``missing``.

    Args:
        expectation: The expectation's name.
        missing: What is missing.
        came: What came; empty if nothing has come in time.
        kwargs: Arguments of `BaseOperator`.

    Raises:
        AirflowFailException: When it runs, if nothing has come. Airflow does not try again: if the event
            comes late, the dispatcher lets the run begin anew.
        LaunchError: When it runs, if Airflow does not say whether something has come. Airflow may try again.
    """

    template_fields: Sequence[str] = ()
    ui_color = "#fff6da"

    def __init__(self, *, expectation: str, missing: str = "", came: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.expectation = expectation
        self.missing = missing
        self.came = came

    def execute(self, context: Any) -> None:
        """Look whether an event has come."""
        if self.came:
            self.log.info("%s: it came in time, and started %s", self.expectation, self.came)
            return
        late_run_id = late(context["run_id"])
        with naming_entries():
            came_late = is_there(context["ti"].dag_id, late_run_id)
        if came_late:
            self.log.info("%s: it came late; run %s says what", self.expectation, late_run_id)
            return
        raise failure_without_retry(
            f"{self.expectation}: {self.missing or 'No event has come'}. When it comes, this run turns green"
        )
