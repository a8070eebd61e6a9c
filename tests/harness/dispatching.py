"""A dispatcher in one process: queue, trigger, sensor, operator, and an Airflow in memory at its end."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from airflow_provider_hybrid.operators.launch import LaunchDagRunsOperator
from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
from airflow_provider_hybrid.triggers.event import MessagesEvent
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
from tests.harness.supervising import supervise
from tests.harness.supervisor import Supervisor
from tests.harness.versions import AirflowFailException

_RUN_ID = "scheduled__2026-11-22"

CONTEXT = {
    "run_id": _RUN_ID,
    "ti": SimpleNamespace(dag_id="hybrid_dispatcher", task_id="listen", run_id=_RUN_ID, map_index=-1),
}
"""What Airflow gives a task of a dispatcher."""


@dataclass
class Dispatched:
    """What became of a batch."""

    supervisor: Supervisor
    operators: list[LaunchDagRunsOperator]
    errors: list[AirflowFailException]

    @property
    def confs(self) -> list[Any]:
        """The confs of the runs that were started."""
        return [run.conf for run in self.supervisor.runs.values()]


def configure(monkeypatch: pytest.MonkeyPatch, queue_url: str, **changes: Any) -> None:
    """Set the dispatcher's Variable."""
    document = {"queue_url": queue_url, "visibility_timeout": 60, **changes}
    monkeypatch.setenv("AIRFLOW_VAR_HYBRID_DISPATCHER", json.dumps(document))


async def receive_events(number: int) -> list[MessagesEvent]:
    """Let triggers receive until so many messages have come, or one reports an error."""
    events: list[MessagesEvent] = []
    while sum(event.payload["count"] for event in events) < number:
        event = await asyncio.wait_for(first_event(SqsEventTrigger("hybrid_dispatcher")), 30)
        events.append(event)
        if event.payload["error"]:
            return events
    return events


async def first_event(trigger: SqsEventTrigger) -> MessagesEvent:
    """Run a trigger to its end, and return its only event."""
    (event,) = [event async for event in trigger.run()]
    assert isinstance(event, MessagesEvent)
    return event


def dispatch(
    monkeypatch: pytest.MonkeyPatch, number: int, *dag_ids: str, supervisor: Supervisor | None = None
) -> Dispatched:
    """Take so many messages off the queue and do all that a dispatcher does with them.

    Args:
        monkeypatch: Puts an Airflow in memory in the place of the task's supervisor.
        number: How many messages to wait for.
        dag_ids: The DAGs that exist.
        supervisor: That Airflow, if it is known already.
    """
    done = Dispatched(supervise(monkeypatch, supervisor or Supervisor(set(dag_ids))), [], [])
    for event in asyncio.run(receive_events(number)):
        for group in SqsEventSensor(task_id="listen").execute_complete(CONTEXT, event.payload):
            operator = LaunchDagRunsOperator(task_id="launch", **group)
            done.operators.append(operator)
            try:
                operator.execute(CONTEXT)
            except AirflowFailException as error:
                done.errors.append(error)
    return done
