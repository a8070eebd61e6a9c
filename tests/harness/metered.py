"""A dispatcher's trigger or its tasks, in a process that sends metrics as Airflow's processes do.

``python -m tests.harness.metered triggerer`` prints the event of the trigger. ``... task`` reads it, and
prints the lines of the record.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.execution_time.comms import TICount
from opentelemetry import metrics

from airflow_provider_hybrid.operators.launch import LaunchDagRunsOperator
from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
from airflow_provider_hybrid.triggers import depth
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
from tests.harness.dispatching import CONTEXT, first_event
from tests.harness.supervising import supervise
from tests.harness.supervisor import Supervisor
from tests.harness.versions import AIRFLOW, AirflowFailException, Version

DAG_ID = "bestellungen.größe"
"""The dispatcher: Airflow takes such an id for a DAG, and refuses it in the name of a metric."""

DAG = "partner"
"""The only DAG that exists beside it."""


def main(process: str) -> None:
    """Do the work of a process, from its beginning to its end."""
    set_up(process)
    print(json.dumps(_trigger() if process == "triggerer" else _task(json.load(sys.stdin))))  # noqa: T201
    if hasattr(provider := metrics.get_meter_provider(), "force_flush"):
        provider.force_flush()


def set_up(process: str) -> None:
    """Set metrics up as Airflow does when such a process begins; before 3.2 they set themselves up."""
    if Version("3.2") > AIRFLOW:
        return
    place = "airflow.sdk.observability" if process == "task" else "airflow.observability"
    stats, utils = import_module(f"{place}.stats"), import_module(f"{place}.metrics.stats_utils")
    if Version("3.3") <= AIRFLOW:
        stats.initialize(factory=utils.get_stats_factory(), export_legacy_names=True)
    else:
        stats.Stats.initialize(factory=utils.get_stats_factory(stats.Stats))


def _trigger() -> dict[str, Any]:
    supervise(pytest.MonkeyPatch(), SimpleNamespace(send=lambda _: TICount(count=0)))
    depth.PATIENCE = 60  # this process is new, and the machine may be busy
    trigger = SqsEventTrigger("hybrid_dispatcher")
    trigger.task_instance = SimpleNamespace(dag_id=DAG_ID, task_id="listen")  # type: ignore[assignment]
    return asyncio.run(first_event(trigger)).payload


def _task(event: dict[str, Any]) -> list[Any]:
    supervisor = supervise(pytest.MonkeyPatch(), Supervisor({DAG}))
    context = {**CONTEXT, "ti": SimpleNamespace(**{**vars(CONTEXT["ti"]), "dag_id": DAG_ID})}
    for group in SqsEventSensor(task_id="listen").execute_complete(context, event):
        with suppress(AirflowFailException):
            LaunchDagRunsOperator(task_id="launch", **group).execute(context)
    return [line for xcom in supervisor.xcoms for line in xcom.value]  # type: ignore[union-attr]


if __name__ == "__main__":
    main(sys.argv[1])
