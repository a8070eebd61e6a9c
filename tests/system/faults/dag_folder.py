"""A folder of DAG files that come, change and go while Airflow runs."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.system.database import Database

_NOTICED_WITHIN = 90
_DISPATCHERS = """
from airflow_provider_hybrid.dispatcher import build_dispatcher

for name in {names!r}:
    globals()[name] = build_dispatcher(dag_id=name, config_variable=name)
"""
_PARTNER = """
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Param

with DAG({name!r}, schedule=None, max_active_runs=100, is_paused_upon_creation=False, params={params}) as dag:
    EmptyOperator(task_id="nothing")
"""


class DagFolder:
    """Airflow has noticed what its methods do when they return."""

    def __init__(self, path: Path, database: Database) -> None:
        self._path = path
        self._database = database

    def deploy_dispatchers(self, *names: str) -> None:
        """Add dispatchers, all in one file; each one's Variable has the name of its DAG."""
        self.deploy_file(names[0], _DISPATCHERS.format(names=names), names)

    def deploy(self, name: str, params: str = "{}") -> None:
        """Add a partner DAG, or replace it.

        Args:
            name: The DAG's id.
            params: Its Params, as Python source.
        """
        self.deploy_file(name, _PARTNER.format(name=name, params=params), [name])

    def deploy_file(self, name: str, source: str, dag_ids: Sequence[str]) -> None:
        """Add a DAG file, or replace it; even one with the same source is parsed anew.

        Args:
            name: The file's, without its suffix.
            source: What is in it.
            dag_ids: The DAGs that it defines.
        """
        wrote_at = datetime.now(timezone.utc)
        self._write(name, source)
        for dag_id in dag_ids:
            self._wait(
                dag_id, "NOT is_stale AND NOT has_import_errors AND last_parsed_time > %(at)s", wrote_at
            )

    def spoil(self, name: str) -> None:
        """Give the file of a partner DAG an import error."""
        self._write(name, "import airflow.a_module_that_no_dag_will_find\n")
        self._wait(name, "has_import_errors")

    def withdraw(self, name: str) -> None:
        """Remove the file of a partner DAG."""
        (self._path / f"{name}.py").unlink()
        self._wait(name, "is_stale")

    def _write(self, name: str, source: str) -> None:
        # A rename, so that no half a file is ever parsed.
        draft = self._path / f"{name}.draft"
        draft.write_text(source)
        draft.rename(self._path / f"{name}.py")

    def _wait(self, name: str, condition: str, at: datetime | None = None) -> None:
        query = f"SELECT 1 FROM dag WHERE dag_id = %(name)s AND {condition}"  # noqa: S608 - our own words
        wait_until(
            lambda: self._database.rows(query, name=name, at=at),
            _NOTICED_WITHIN,
            f"DAG {name!r} in the state: {condition}",
            every=1,
        )
