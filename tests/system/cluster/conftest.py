"""One cluster for all its tests, in the place of the system tests' Airflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.benchmark.names import HYBRID, RESTS, partners_of
from tests.benchmark.world import PARTNER_DAGS, wake_workers
from tests.demo.cloud import Cloud
from tests.harness.bundles import bundles
from tests.harness.environment import PROJECT
from tests.harness.redis import Redis
from tests.harness.running import running
from tests.system.cluster.cluster import Cluster
from tests.system.conftest import FAULT_DAGS
from tests.system.events import configuration
from tests.system.faults.ledger import PARTNERS, counted_route

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack
    from tests.harness.postgres import Postgres

CLUSTER_DAGS = PROJECT / "tests" / "system" / "cluster" / "dags"
DISPATCHERS = dict(zip(("cluster_a", "cluster_b"), PARTNERS, strict=True))
"""Two dispatchers, each with a partner of its own."""


@pytest.fixture(scope="session")
def redis(home: Path) -> Iterator[Redis]:
    with running(Redis(home / "redis")) as server:
        yield server


@pytest.fixture(scope="session")
def airflow(
    home: Path, ministack: MiniStack, postgres: Postgres, redis: Redis, deployed: Path
) -> Iterator[Cluster]:
    """A cluster whose settings are Airflow's defaults, but for those of the harness."""
    cluster = Cluster(
        home / "airflow",
        CLUSTER_DAGS,
        postgres,
        redis,
        environ={
            "AIRFLOW_CONN_AWS_DEFAULT": ministack.airflow_connection(),
            "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": bundles(
                cluster=CLUSTER_DAGS, faults=FAULT_DAGS, benchmark=PARTNER_DAGS, deployed=deployed
            ),
        },
    )
    with running(cluster):
        wake_workers(cluster)
        yield cluster


@pytest.fixture(scope="session")
def api(airflow: Cluster) -> AirflowApi:
    """The administrator's API, once all DAGs are parsed."""
    client = airflow.api()
    partners = (partner for name in (HYBRID, *RESTS) for partner in partners_of(name))
    client.wait_for_dags("imports", *DISPATCHERS, *DISPATCHERS.values(), *partners, timeout=120)
    return client


@pytest.fixture(scope="session")
def clouds(api: AirflowApi, ministack: MiniStack) -> dict[str, Cloud]:
    """Let both dispatchers listen, and return their queues."""
    clouds = {name: Cloud(ministack, name) for name in DISPATCHERS}
    for name, cloud in clouds.items():
        api.set_variable(name, configuration(cloud, counted_route(DISPATCHERS[name])))
        api.unpause(name)
    return clouds
