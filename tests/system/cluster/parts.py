"""Which component does something for a dispatcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.system.database import Database

_LISTENING = """
    SELECT job.hostname FROM trigger
    JOIN job ON job.id = trigger.triggerer_id
    JOIN task_instance ON task_instance.trigger_id = trigger.id
    WHERE task_instance.dag_id = %(dag)s
"""
_WORKING = "SELECT hostname FROM task_instance WHERE dag_id = %(dag)s AND state = 'running'"
_QUEUED_BY = """
    SELECT job.hostname FROM task_instance JOIN job ON job.id = task_instance.queued_by_job_id
    WHERE task_instance.dag_id = %(dag)s AND task_instance.state = 'running'
"""


class Parts:
    """Looks it up in Airflow's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def triggers_of(self, dag_id: str) -> list[str]:
        """Return the triggerer of each trigger of a dispatcher."""
        return self._names(_LISTENING, dag_id)

    def workers_of(self, dag_id: str) -> list[str]:
        """Return the workers that execute tasks of a dispatcher."""
        return self._names(_WORKING, dag_id)

    def schedulers_of(self, dag_id: str) -> list[str]:
        """Return the schedulers whose executors have sent the tasks of a dispatcher that are executed."""
        return self._names(_QUEUED_BY, dag_id)

    def _names(self, query: str, dag_id: str) -> list[str]:
        return sorted(name for (name,) in self._database.rows(query, dag=dag_id) if name)
