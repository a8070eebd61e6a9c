"""An Airflow as it runs on several machines: CeleryExecutor, two schedulers, two triggerers, two workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from tests.harness.airflow import Airflow
from tests.system.database import Database

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from tests.harness.postgres import Postgres
    from tests.harness.redis import Redis

CONCURRENCY = 4
"""Tasks that a worker executes at once."""

_ALIVE = """
    SELECT hostname FROM job
    WHERE state = 'running' AND latest_heartbeat > now() - interval '15 s' AND latest_heartbeat >= %(since)s
"""


class Cluster(Airflow):
    """Airflow whose components have twins. All are on this machine, each with a host name of its own."""

    commands: ClassVar[Mapping[str, Sequence[str]]] = {
        "api-server": Airflow.commands["api-server"],
        "dag-processor": Airflow.commands["dag-processor"],
        **{f"scheduler-{number}": Airflow.commands["scheduler"] for number in (1, 2)},
        **{f"triggerer-{number}": Airflow.commands["triggerer"] for number in (1, 2)},
        **{
            f"worker-{number}": [
                *("celery", "worker", "--skip-serve-logs", "--concurrency", str(CONCURRENCY)),
                *("--celery-hostname", f"worker-{number}@localhost"),
            ]
            for number in (1, 2)
        },
    }

    def __init__(
        self, home: Path, dags_folder: Path, postgres: Postgres, redis: Redis, environ: Mapping[str, str]
    ) -> None:
        """Describe the installation; ``start`` starts it.

        Args:
            home: The AIRFLOW_HOME.
            dags_folder: Where the DAG files are.
            postgres: The metadata database, where Celery stores its results, too.
            redis: Celery's broker.
            environ: Further environment variables of all components.
        """
        settings = {
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CORE__PARALLELISM": "32",
            "AIRFLOW__CORE__HOSTNAME_CALLABLE": "tests.system.cluster.hostname.component_name",
            "AIRFLOW__API__WORKERS": "2",
            "AIRFLOW__CELERY__BROKER_URL": redis.url,
            "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{postgres.url}",
        }
        super().__init__(home, dags_folder, postgres.url, {**settings, **environ})
        self._database = Database(postgres)
        self._broker_url = redis.url

    def healthy(self, since: datetime | None = None) -> bool:
        """Whether the API says so, every twin has sent a heartbeat since its start, and workers answer."""
        return super().healthy(since) and self._lively() and len(self.workers()) == 2

    def workers(self) -> list[str]:
        """Return the workers that answer."""
        # A new client each time: Redis may have been away since the last question.
        with Celery(broker=self._broker_url) as celery:
            try:
                answers = celery.control.inspect(timeout=1).ping() or {}
            except (OperationalError, RedisError):
                return []
        return sorted(name.partition("@")[0] for name in answers)

    def _lively(self) -> bool:
        return all(
            component.alive and (name,) in self._database.rows(_ALIVE, since=component.started_at)
            for name, component in self.components.items()
            if name.startswith(("scheduler", "triggerer"))
        )

    def _alive_since(self, since: datetime | None, part: str, health: Mapping[str, str]) -> bool:
        """Whether the API calls a part healthy; `_lively` looks at each twin, since its own start."""
        return health["status"] == "healthy"
