"""DAGs that listen to queues while it is their turn, and leave the others in peace when it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmark.world import World

_TRIGGERS = """
    SELECT count(DISTINCT trigger.id) FROM trigger
    LEFT JOIN task_instance ON task_instance.trigger_id = trigger.id
    LEFT JOIN asset_watcher ON asset_watcher.trigger_id = trigger.id
    LEFT JOIN dag_schedule_asset_reference AS schedule ON schedule.asset_id = asset_watcher.asset_id
    WHERE (task_instance.dag_id = ANY(%(dags)s) OR schedule.dag_id = ANY(%(dags)s))
"""
_AT_WORK = """
    SELECT count(*) FROM dag_run
    WHERE dag_id = ANY(%(dags)s) AND state IN ('queued', 'running') AND NOT EXISTS (
        SELECT 1 FROM task_instance
        WHERE task_instance.dag_id = dag_run.dag_id AND task_instance.run_id = dag_run.run_id
        AND task_instance.state = 'deferred'
    )
"""
_UNFINISHED = (
    "SELECT dag_id, run_id FROM dag_run WHERE dag_id = ANY(%(dags)s) AND state IN ('queued', 'running')"
)


class Listeners:
    """The DAGs of one file.

    Each has one trigger while it listens: of a deferred task, or of an asset watcher.
    """

    def __init__(self, world: World, file: str, source: str, dag_ids: Sequence[str]) -> None:
        """Describe them; ``start`` lets them listen.

        Args:
            world: Where.
            file: The name of their DAG file, without its suffix.
            source: What is in it.
            dag_ids: The DAGs that it defines.
        """
        self._world = world
        self._file = file
        self._source = source
        self.dag_ids = list(dag_ids)
        self._known = False

    def start(self) -> None:
        """Let them listen; they do when they are `calm`."""
        if not self._known:
            self._parse()
            self._known = True
        for dag_id in self.dag_ids:
            self._world.api.unpause(dag_id)
        # Only with its file the watchers of a DAG come and go, and so does the next run of a continuous one.
        self._parse()

    def stop(self) -> None:
        """Let them listen no more, and wait until no trigger is left."""
        for dag_id in self.dag_ids:
            self._world.api.pause(dag_id)
        self._parse()
        self._world.wait(self._silenced, 120, f"the triggers of {self._file} to end", every=1)

    def calm(self) -> bool:
        """Whether all of them listen, and do nothing else."""
        polling = f"{_TRIGGERS} AND trigger.triggerer_id IS NOT NULL"
        return self._count(polling) >= len(self.dag_ids) and not self._count(_AT_WORK)

    def _silenced(self) -> bool:
        for dag_id, run_id in self._world.database.rows(_UNFINISHED, dags=self.dag_ids):
            path = f"dags/{dag_id}/dagRuns/{run_id}"
            self._world.api.call("PATCH", path, json={"state": "success"})
        return not self._count(_TRIGGERS)

    def _parse(self) -> None:
        self._world.dags.deploy_file(self._file, self._source, self.dag_ids)

    def _count(self, query: str) -> int:
        [(count,)] = self._world.database.rows(query, dags=self.dag_ids)
        return int(count)
