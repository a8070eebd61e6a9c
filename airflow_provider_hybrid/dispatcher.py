"""The dispatcher DAG, the central events manager."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airflow.sdk import DAG

from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE
from airflow_provider_hybrid.operators.launch import LaunchDagRunsOperator
from airflow_provider_hybrid.plugins.timetable import TwoRunsTimetable
from airflow_provider_hybrid.sensors.sqs import SqsEventSensor

DOC_MD = """\
### Events on SQS become DAG runs

    SQS queue ──> listen ──> launch (one per partner) ──> partner DAGs

- **listen** waits for messages in the triggerer, at no cost while nothing comes, and decides by the routes
  which DAG runs each event asks for. While more keeps coming it goes on, for five minutes at most. Two runs
  wait at any time: one listens, and the other takes over.
- **launch** has one instance per partner DAG: it starts the runs, then deletes the messages. A message whose
  runs could not be started stays in the queue and comes back. **listen** starts few runs
  by itself, and `launch` is then skipped.

A run is called `<route>__<event id>`: search for it among the partner's runs. Its note names the route and
the event.

**Configuration**: the Airflow Variable `{variable}` (Admin > Variables). A change takes effect within a
minute.

**When it fails**: the log of the red task says what is wrong and what to do; nothing is lost meanwhile. Once
it is mended, the dispatcher goes on by itself within half a minute.
"""


def build_dispatcher(
    dag_id: str = "hybrid_dispatcher",
    config_variable: str = DEFAULT_VARIABLE,
    *,
    launch_at_once: bool = True,
) -> DAG:
    """Build a dispatcher DAG: it listens to a queue and launches the DAG runs that its events ask for.

    A DAG file for it is two lines; `hybrid init` writes one::

        from airflow_provider_hybrid.dispatcher import build_dispatcher

        dag = build_dispatcher()

    Args:
        dag_id: The dispatcher's id.
        config_variable: The Airflow Variable with its configuration; one of its own for each dispatcher.
        launch_at_once: Whether `listen` starts few runs itself, which saves a process and its seconds. With
            False `launch` starts all of them, by one instance for each partner.

    Returns:
        The DAG. Two of its runs wait side by side, so that one that loses its worker is not missed.
    """
    with DAG(
        dag_id=dag_id,
        description="Events on SQS become DAG runs",
        doc_md=DOC_MD.format(variable=config_variable),
        schedule=TwoRunsTimetable(),
        max_active_runs=TwoRunsTimetable.active_runs_limit,
        start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        is_paused_upon_creation=True,
        tags=["hybrid"],
        # A full cluster must not starve the one DAG that feeds the others.
        default_args={
            "priority_weight": 1000,
            "weight_rule": "absolute",
            # A task that died goes on soon; what somebody must mend costs one failed run a minute at most.
            "retries": 4,
            "retry_delay": timedelta(seconds=30),
        },
    ) as dag:
        groups = SqsEventSensor(
            task_id="listen", config_variable=config_variable, launch_at_once=launch_at_once
        )
        LaunchDagRunsOperator.partial(task_id="launch", map_index_template="{{ task.label }}").expand_kwargs(
            groups.output
        )
    return dag
