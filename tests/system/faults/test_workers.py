"""The processes that run the dispatcher's tasks die at chosen points, while events come in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.demo.cloud import Cloud
from tests.harness.proxy import Proxy
from tests.harness.running import running
from tests.system.events import configuration
from tests.system.faults.assassin import Assassin
from tests.system.faults.ledger import PARTNERS, Ledger, Row, counted_route
from tests.system.faults.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack
    from tests.system.faults.database import Database

DISPATCHER = "faults_worker"
BURST = 60


@pytest.fixture(scope="module")
def proxy(ministack: MiniStack) -> Iterator[Proxy]:
    with running(Proxy(ministack.endpoint_url)) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def cloud(api: AirflowApi, ministack: MiniStack, proxy: Proxy) -> Cloud:
    """A queue to which the dispatcher listens, through the proxy."""
    cloud = Cloud(ministack, DISPATCHER)
    connection = json.loads(ministack.airflow_connection())
    connection["extra"]["endpoint_url"] = proxy.endpoint_url
    api.set_connection(DISPATCHER, connection)
    routes = [counted_route(partner) for partner in PARTNERS]
    api.set_variable(DISPATCHER, configuration(cloud, *routes, aws_conn_id=DISPATCHER))
    api.wait_for_dags(DISPATCHER, *PARTNERS)
    api.unpause(DISPATCHER)
    return cloud


@pytest.fixture
def ledger(database: Database, cloud: Cloud) -> Ledger:
    return Ledger(database, cloud)


@pytest.fixture
def assassin(database: Database, proxy: Proxy) -> Assassin:
    return Assassin(database, proxy, DISPATCHER)


def test_a_launch_killed_before_it_deletes_starts_nothing_twice(
    cloud: Cloud, assassin: Assassin, ledger: Ledger, record: Callable[[Row], Row]
) -> None:
    """Every run exists, and every message comes back."""
    with Stream(cloud, "launch-deletes", every=5) as stream:
        assassin.kill_before_request("launch", "DeleteMessageBatch")

    row = record(ledger.settle(stream, "kill -9 `launch` between the last run and the delete"))
    assert row.flawless


@pytest.mark.long
def test_killed_workers_lose_nothing_and_start_nothing_twice(
    cloud: Cloud, assassin: Assassin, ledger: Ledger, record: Callable[[Row], Row]
) -> None:
    """`listen` dies with messages in its hands; `launch` before, between and after its runs; each twice."""
    with Stream(cloud, "workers", every=5) as stream:
        for _ in range(2):
            assassin.kill_with_messages("listen")
            assassin.kill_before_request("launch", "ChangeMessageVisibilityBatch")
            _kill_between_runs(assassin, ledger, stream)
            assassin.kill_before_request("launch", "DeleteMessageBatch")

    row = record(ledger.settle(stream, "kill -9 the workers of `listen` and `launch` (8 times)"))
    assert row.flawless


def _kill_between_runs(assassin: Assassin, ledger: Ledger, stream: Stream) -> None:
    burst = stream.send_many(BURST)
    assassin.kill_when("launch", lambda: ledger.started(burst) > 0)
    assert ledger.started(burst) < len(burst) * len(PARTNERS)
