"""The DAG that tells somebody when an event does not come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.sdk import DAG

from airflow_provider_hybrid.arguments import check_arguments
from airflow_provider_hybrid.config.models import EXPECTATIONS_DAG_ID
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE
from airflow_provider_hybrid.operators.expectation import ExpectationOperator
from airflow_provider_hybrid.operators.watch import WatchExpectationsOperator

TAG = "hybrid-expectations"
"""The tag of every DAG of expectations."""

DOC_MD = """\
### By when which event is due

Each deadline has a run, `<expectation>__<day>T<time>`:

- **green**: an event came. The note says which run it started (Airflow 3.2 and later).
- **red**: none came. The error of the task **expectation** says what is missing. When it comes late, a run
  with `~late` at its end says what came, and the red one turns green.

One more run a day, `scheduled__...`, only waits for the day's deadlines, in the triggerer (task **watch**).

**Configuration**: `expect` in the Airflow Variable `{variable}`. A change takes effect within a minute.
"""

TASKS: dict[str, Any] = {
    # A full cluster must not keep somebody from being told.
    "priority_weight": 1000,
    "weight_rule": "absolute",
    "retry_delay": timedelta(seconds=30),
}
"""The ``default_args`` of the DAG."""

A_DAY_OF_RETRIES = timedelta(days=1) // TASKS["retry_delay"]

HAS_DEADLINES = "its runs stand for the deadlines in the Variable, and one more a day waits for them"
TELLS = "a run that waits must not be ended, and a deadline is looked at whatever became of the one before"

REFUSED = {
    **dict.fromkeys(("schedule", "max_active_runs", "catchup", "start_date", "end_date"), HAS_DEADLINES),
    **dict.fromkeys(("dagrun_timeout", "execution_timeout", "fail_fast"), TELLS),
    **dict.fromkeys(("depends_on_past", "wait_for_downstream", "max_consecutive_failed_dag_runs"), TELLS),
    "trigger_rule": "`expectation` needs what `watch` hands over",
    "retries": "`watch` is tried again for a day, and a retry of `expectation` would tell nobody",
}
"""Arguments of a DAG and of its tasks that would break what the DAG promises, and the reasons."""


def build_expectations(
    dag_id: str = EXPECTATIONS_DAG_ID,
    config_variable: str = DEFAULT_VARIABLE,
    *,
    default_args: Mapping[str, Any] | None = None,
    tags: Iterable[str] = (),
    **dag_arguments: Any,
) -> DAG:
    """Build the DAG whose task fails if an event has not come by its deadline.

    A DAG file for it is two lines:

        from airflow_provider_hybrid import build_expectations

        dag = build_expectations(default_args={"on_failure_callback": tell_somebody})

    Args:
        dag_id: The DAG's id. The dispatcher must know it: ``expectations_dag_id`` in its Variable.
        config_variable: The Airflow Variable of the dispatcher, with ``expect``.
        default_args: Arguments of its tasks, such as ``owner``, ``pool``, ``queue`` and callbacks.
        tags: Tags beside ``hybrid-expectations``.
        dag_arguments: Further arguments of `airflow.sdk.DAG`, such as ``access_control`` and
            ``on_failure_callback``.

    Returns:
        The DAG.

    Raises:
        ValueError: If an argument would break what it promises; names the reason.
    """
    check_arguments("build_expectations", REFUSED, default_args or {}, dag_arguments)
    settings = {
        "description": "Tells when an event does not come",
        "doc_md": DOC_MD.format(variable=config_variable),
        "is_paused_upon_creation": True,
        **dag_arguments,
    }
    with DAG(
        dag_id=dag_id,
        schedule="@daily",
        max_active_runs=1000,
        start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        tags=[TAG, *tags],
        default_args={**TASKS, **(default_args or {})},
        **settings,
    ) as dag:
        looks = WatchExpectationsOperator(
            task_id="watch", config_variable=config_variable, retries=A_DAY_OF_RETRIES
        )
        ExpectationOperator.partial(
            task_id="expectation", retries=4, map_index_template="{{ task.expectation }}"
        ).expand_kwargs(looks.output)
    return dag
