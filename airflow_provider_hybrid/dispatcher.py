"""The dispatcher DAG, the central events manager."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from airflow.sdk import DAG, Asset, AssetWatcher, BaseOperator

from airflow_provider_hybrid.compat import require_asset_state_store
from airflow_provider_hybrid.config import DEFAULT_VARIABLE
from airflow_provider_hybrid.operators.launch import LaunchDagRunsOperator
from airflow_provider_hybrid.operators.route import RouteMessagesOperator
from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
from airflow_provider_hybrid.triggers.dispatcher import DispatcherTrigger

MAX_ACTIVE_RUNS = 8
"""Runs of an asset-scheduled dispatcher side by side; each starts its DAG runs within some seconds."""

DOC_MD = """\
### Events on SQS become DAG runs

    SQS queue ──> {task_id} ──> launch (one per partner) ──> partner DAGs

{first_task}
- **launch** has one instance per partner DAG: it starts the runs, then deletes the messages. A message whose
  runs could not be started stays in the queue and comes back. Where there is one instance's work only,
  **{task_id}** does it by itself, and `launch` is skipped.

A run is called `<route>__<event id>`: search for it among the partner's runs. Its note names the route and
the event.

**Configuration**: the Airflow Variable `{variable}` (Admin > Variables). A change takes effect with the next
messages, a change of `queue_url` after five minutes at the latest.

**When it fails**: the log of the red task says what is wrong and what to do; nothing is lost meanwhile. Once
it is mended, the dispatcher goes on by itself within half a minute.
"""

LISTEN = """\
- **listen** waits for messages in the triggerer, at no cost while nothing comes, and decides by the routes
  which DAG runs each event asks for. While more keeps coming it goes on, for five minutes at most."""

ROUTE = """\
- **route** decides by the routes which DAG runs each event asks for. The triggerer watches the queue, and
  starts a run of this DAG when messages come; a run that has nothing to launch was a reminder."""


def build_dispatcher(
    dag_id: str = "hybrid_dispatcher",
    config_variable: str = DEFAULT_VARIABLE,
    schedule: Literal["@continuous", "asset"] = "@continuous",
) -> DAG:
    """Build a dispatcher DAG: it listens to a queue and launches the DAG runs that its events ask for.

    A DAG file for it is two lines; `hybrid init` writes one::

        from airflow_provider_hybrid.dispatcher import build_dispatcher

        dag = build_dispatcher()

    Args:
        dag_id: The dispatcher's id.
        config_variable: The Airflow Variable with its configuration; one of its own for each dispatcher.
        schedule: ``"@continuous"``: one run after the other waits for messages. ``"asset"``: the triggerer
            watches the queue, and a run is there only when messages are (Airflow 3.3 and later).

    Raises:
        ValueError: If this Airflow has no such schedule.
    """
    if schedule == "@continuous":
        doc_md = DOC_MD.format(task_id="listen", first_task=LISTEN, variable=config_variable)
        with _dag(dag_id, doc_md, schedule=schedule, max_active_runs=1) as dag:
            _launch(SqsEventSensor(task_id="listen", config_variable=config_variable, launch_at_once=True))
        return dag
    if schedule != "asset":
        raise ValueError(f"schedule={schedule!r} is neither '@continuous' nor 'asset'")
    require_asset_state_store("schedule='asset'")
    trigger = DispatcherTrigger(config_variable=config_variable, dag_id=dag_id)
    watcher = AssetWatcher(name=f"{dag_id}_messages", trigger=trigger)
    messages = Asset(watcher.name, watchers=[watcher])
    doc_md = DOC_MD.format(task_id="route", first_task=ROUTE, variable=config_variable)
    with _dag(dag_id, doc_md, schedule=[messages], max_active_runs=MAX_ACTIVE_RUNS) as dag:
        _launch(
            RouteMessagesOperator(
                task_id="route",
                messages=messages,
                config_variable=config_variable,
                launch_at_once=True,
            )
        )
    return dag


def _dag(dag_id: str, doc_md: str, **arguments: Any) -> DAG:
    return DAG(
        dag_id=dag_id,
        description="Events on SQS become DAG runs",
        doc_md=doc_md,
        start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        is_paused_upon_creation=True,
        tags=["hybrid"],
        # A full cluster must not starve the one DAG that feeds the others.
        default_args={
            "priority_weight": 1000,
            "weight_rule": "absolute",
            # A task that died goes on soon; what somebody must mend costs one failed run a minute at most.
            "retries": 3,
            "retry_delay": timedelta(seconds=20),
        },
        **arguments,
    )


def _launch(groups: BaseOperator) -> None:
    """Launch each group by an instance of its own."""
    LaunchDagRunsOperator.partial(task_id="launch", map_index_template="{{ task.label }}").expand_kwargs(
        groups.output
    )
