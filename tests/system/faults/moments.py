"""Moments at which to kill something."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.harness.versions import WATCHERS
from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from tests.harness.airflow import Airflow
    from tests.harness.process import Process
    from tests.system.database import Database
    from tests.system.faults.contender import Contender
    from tests.system.faults.ledger import Ledger
    from tests.system.faults.stream import Stream

BURST = 5
"""Events that are there for a trigger to hold."""

GRIP = 0.2
"""Seconds until a trigger holds what SQS has handed out; it hands it over within a second or so."""

_TRIGGER = f"""
    SELECT 1 FROM trigger JOIN job ON job.id = trigger.triggerer_id
    WHERE job.start_date >= %(since)s AND (
        trigger.id IN (SELECT trigger_id FROM task_instance WHERE dag_id = %(dag)s)
        OR trigger.id IN (SELECT trigger_id FROM {WATCHERS})
    )
"""  # noqa: S608 - our own words
_TASK = """
    SELECT 1 FROM task_instance JOIN job ON job.id = task_instance.queued_by_job_id
    WHERE job.start_date >= %(since)s AND task_instance.dag_id = %(dag)s AND task_instance.state = 'running'
"""
_JOB = "SELECT 1 FROM job WHERE job_type = %(type)s AND start_date >= %(since)s"


class Moments:
    """What Airflow is doing just now for a contender."""

    def __init__(self, database: Database, airflow: Airflow, contender: Contender, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._components = airflow.components
        self._contender = contender

    def wait_until_held(self, stream: Stream) -> None:
        """Wait until a trigger has received a burst of events, and its task does not have them yet.

        A task that is still awake may get the burst instead, and starts its runs at once.
        """

        def held() -> bool:
            wait_until(lambda: self._listens() and not self._works(), 120, "a dispatcher that only waits")
            burst = stream.send_many(BURST)
            wait_until(self._received, 60, "the burst to be received", every=0.01)
            # Nothing tells from outside when a trigger has done with SQS what it does before it hands over.
            time.sleep(GRIP)
            return self._listens() and not self._ledger.started(burst)

        wait_until(held, 180, "a trigger that holds messages", every=0)

    def wait_until_a_task_runs(self) -> None:
        """Wait until a task of the contender runs on a worker; one that died with its scheduler does not."""
        wait_until(self._works, 180, f"a running task of {self._contender.dag_id}", every=0.05)

    def wait_until_back(self, component: Process, job_type: str) -> None:
        """Wait until a component that was started again has begun to work."""

        def back() -> bool:
            component.check()
            return bool(self._database.rows(_JOB, type=job_type, since=component.started_at))

        wait_until(back, 60, f"{component.name} to be back")

    def _listens(self) -> bool:
        return self._finds(_TRIGGER, "triggerer")

    def _works(self) -> bool:
        return self._finds(_TASK, "scheduler")

    def _finds(self, query: str, component: str) -> bool:
        since = self._components[component].started_at
        return bool(self._database.rows(query, since=since, dag=self._contender.dag_id))

    def _received(self) -> bool:
        return self._contender.cloud.visible() == 0
