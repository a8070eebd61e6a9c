"""What all contenders share: one PostgreSQL, one MiniStack, one Airflow."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import cpu_count
from typing import TYPE_CHECKING

from tests.benchmark.names import CONTENDERS, partners_of
from tests.harness.airflow import Airflow
from tests.harness.environment import PROJECT
from tests.harness.ministack import MiniStack
from tests.harness.postgres import Postgres
from tests.harness.proxy import Proxy
from tests.harness.wait import wait_until
from tests.system.database import Database
from tests.system.faults.dag_folder import DagFolder

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path

    from tests.harness.api import AirflowApi

PARTNER_DAGS = PROJECT / "tests" / "benchmark" / "dags"
_CONNECTION = "aws_default"
_SETTINGS = {
    # Airflow's defaults, where the harness has others for the tests.
    "AIRFLOW__CORE__PARALLELISM": "32",
    "AIRFLOW__SCHEDULER__MAX_DAGRUNS_PER_LOOP_TO_SCHEDULE": "20",
    # As Airflow's documentation of the setting advises; its default is 1.
    "AIRFLOW__API__WORKERS": str(cpu_count()),
    # Contenders come and go with their DAG files.
    "AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": "1",
}


@dataclass(frozen=True)
class World:
    """The installation, and the ways to look at it.

    ``dags`` is the folder of the contenders' DAG files; ``proxy`` counts the requests of who goes through it.
    """

    airflow: Airflow
    api: AirflowApi
    ministack: MiniStack
    proxy: Proxy
    database: Database
    dags: DagFolder

    def connect(self, *, counted: bool) -> None:
        """Lead Airflow's AWS connection to MiniStack.

        Args:
            counted: Through the proxy, which costs time; or else straight.
        """
        connection = json.loads(self.ministack.airflow_connection())
        if counted:
            connection["extra"]["endpoint_url"] = self.proxy.endpoint_url
        self.api.set_connection(_CONNECTION, connection)

    def wait(self, condition: Callable[[], bool], timeout: float, what: str, *, every: float = 0.5) -> None:
        """Wait for something that Airflow does.

        Raises:
            RuntimeError: A component of Airflow is dead.
            TimeoutError: It does not come within ``timeout`` seconds.
        """

        def met() -> bool:
            self.airflow.check()
            return condition()

        wait_until(met, timeout, what, every=every)


def start_world(home: Path, stack: ExitStack) -> World:
    """Start everything; what was started ends with ``stack``."""
    ministack = MiniStack(home / "ministack")
    stack.callback(ministack.stop)
    ministack.start()
    proxy = Proxy(ministack.endpoint_url)
    stack.callback(proxy.stop)
    proxy.start()
    postgres = Postgres(home / "postgres")
    stack.callback(postgres.close)
    postgres.start()
    deployed = home / "deployed"
    deployed.mkdir()
    airflow = Airflow(
        home / "airflow",
        PARTNER_DAGS,
        postgres.url,
        environ={**_SETTINGS, "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": _bundles(deployed)},
    )
    stack.callback(airflow.stop)
    airflow.start()
    wake_workers(airflow)
    api, database = airflow.api(), Database(postgres)
    api.wait_for_dags(*(partner for name in CONTENDERS for partner in partners_of(name)))
    return World(airflow, api, ministack, proxy, database, DagFolder(deployed, database))


def wake_workers(airflow: Airflow) -> None:
    """Let every worker of the API server answer once: its first answer to a task takes it some seconds.

    While one is at that, a request on another connection comes to another worker.
    """
    requests = 8 * cpu_count()
    with ThreadPoolExecutor(requests) as pool:
        list(pool.map(airflow.get, ["/execution/health"] * requests))


def _bundles(deployed: Path) -> str:
    bundle = "airflow.dag_processing.bundles.local.LocalDagBundle"
    return json.dumps(
        [
            {"name": "partners", "classpath": bundle, "kwargs": {"path": str(PARTNER_DAGS)}},
            {
                "name": "deployed",
                "classpath": bundle,
                "kwargs": {"path": str(deployed), "refresh_interval": 2},
            },
        ]
    )
