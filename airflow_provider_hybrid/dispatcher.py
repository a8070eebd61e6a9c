"""The dispatcher DAG, the central events manager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.sdk import DAG

from airflow_provider_hybrid.arguments import check_arguments
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE
from airflow_provider_hybrid.operators.launch import LaunchDagRunsOperator
from airflow_provider_hybrid.plugins.timetable import TwoRunsTimetable
from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
from airflow_provider_hybrid.view.dispatchers import TAG

DOC_MD = """\
### Events on SQS become DAG runs

    SQS queue ──> listen ──> launch (one per partner) ──> partner DAGs

- **listen** waits for messages in the triggerer, takes no worker while nothing comes, and decides by the
  routes which DAG runs each event asks for. While more keeps coming it goes on, for five minutes at most.
  Two runs wait at any time: one listens, and the other takes over.
- **launch** has one instance per partner DAG: it starts the runs, then deletes the messages. A message whose
  runs could not be started stays in the queue and comes back. **listen** starts few runs by itself, and
  `launch` is then skipped.

A run is called `<route>__<subject>__<hash>`: search for a part of the object's key among the partner's runs.
`hybrid events` shows what became of each event, also of those that started nothing. A run of this DAG is
named after the moment at which it began to listen: events in it may be much later.

**Configuration**: the Airflow Variable `{variable}` (Admin > Variables). A change takes effect within a
minute.

**When it fails**: the log of the red task says what is wrong and what to do; nothing is lost meanwhile. Once
it is mended, the dispatcher goes on by itself within half a minute.
"""


TASKS: dict[str, Any] = {
    # A full cluster must not starve the one DAG that feeds the others.
    "priority_weight": 1000,
    "weight_rule": "absolute",
    # A task that died goes on soon; what somebody must mend costs one failed run a minute at most.
    "retries": 4,
    "retry_delay": timedelta(seconds=30),
}
"""The ``default_args`` of a dispatcher."""

RUNS_ALL_THE_TIME = "a dispatcher runs all the time, two runs side by side"
ENDS_A_WAIT = "a run waits for as long as nothing comes, and must not be ended for that"
STOPS_AT_A_FAILURE = "a dispatcher goes on by itself once the cause of a failure is mended"

REFUSED = {
    **dict.fromkeys(("schedule", "max_active_runs", "catchup", "start_date", "end_date"), RUNS_ALL_THE_TIME),
    **dict.fromkeys(("dagrun_timeout", "execution_timeout"), ENDS_A_WAIT),
    **dict.fromkeys(("depends_on_past", "wait_for_downstream"), STOPS_AT_A_FAILURE),
    **dict.fromkeys(("fail_fast", "max_consecutive_failed_dag_runs"), STOPS_AT_A_FAILURE),
    "trigger_rule": "`launch` needs what `listen` has received",
    "deferrable": "`listen` waits in the triggerer",
}
"""Arguments of a DAG and of its tasks that would break what a dispatcher promises, and the reasons."""


def build_dispatcher(
    dag_id: str = "hybrid_dispatcher",
    config_variable: str = DEFAULT_VARIABLE,
    *,
    launch_at_once: bool = True,
    default_args: Mapping[str, Any] | None = None,
    tags: Iterable[str] = (),
    **dag_arguments: Any,
) -> DAG:
    """Build a dispatcher DAG: it listens to a queue and launches the DAG runs that its events ask for.

    A DAG file for it is two lines; `hybrid init` writes one:

        from airflow_provider_hybrid import build_dispatcher

        dag = build_dispatcher()

    Somebody is told of a failure like this:

        dag = build_dispatcher(default_args={"owner": "data-platform", "on_failure_callback": tell_somebody})

    Args:
        dag_id: The dispatcher's id.
        config_variable: The Airflow Variable with its configuration; one of its own for each dispatcher.
        launch_at_once: Whether `listen` starts few runs itself, which saves a process and its seconds. With
            False `launch` starts all of them, by one instance for each partner.
        default_args: Arguments of its tasks, such as ``owner``, ``pool``, ``queue`` and callbacks. They go
            before the ones that a dispatcher has.
        tags: Tags beside ``hybrid``.
        dag_arguments: Further arguments of `airflow.sdk.DAG`, such as ``access_control``,
            ``max_active_tasks``, ``on_failure_callback``, ``doc_md`` and ``is_paused_upon_creation``.

    Returns:
        The DAG. Two of its runs wait side by side, so that one that loses its worker is not missed.

    Raises:
        ValueError: If an argument would break what a dispatcher promises; names the reason.
    """
    check_arguments("build_dispatcher", REFUSED, default_args or {}, dag_arguments)
    settings = {
        "description": "Events on SQS become DAG runs",
        "doc_md": DOC_MD.format(variable=config_variable),
        "is_paused_upon_creation": True,
        **dag_arguments,
    }
    with DAG(
        dag_id=dag_id,
        schedule=TwoRunsTimetable(),
        max_active_runs=TwoRunsTimetable.active_runs_limit,
        start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        tags=[TAG, *tags],
        default_args={**TASKS, **(default_args or {})},
        **settings,
    ) as dag:
        groups = SqsEventSensor(
            task_id="listen", config_variable=config_variable, launch_at_once=launch_at_once
        )
        LaunchDagRunsOperator.partial(task_id="launch", map_index_template="{{ task.label }}").expand_kwargs(
            groups.output
        )
    return dag
