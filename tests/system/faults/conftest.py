"""Fixtures of the fault tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.demo.cloud import Cloud
from tests.peers import PEERS
from tests.system.faults.contender import Contender
from tests.system.faults.dag_folder import DagFolder
from tests.system.faults.ledger import HYBRID, PARTNERS, Ledger, Row
from tests.system.faults.side_by_side import play, selected_scenarios
from tests.system.faults.stage import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack
    from tests.system.database import Database
    from tests.system.faults.side_by_side import Outcomes
    from tests.system.faults.stream import Stream


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--contender",
        default=HYBRID,
        choices=[HYBRID, *PEERS],
        help="who meets the faults; a peer meets only those tests that compare, and none of them judges it",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A peer has nothing to do with tests of our own behaviour."""
    if config.getoption("contender", HYBRID) != HYBRID:
        items[:] = [item for item in items if "contender" in getattr(item, "fixturenames", ())]


@pytest.fixture(scope="session")
def contender(
    request: pytest.FixtureRequest, api: AirflowApi, ministack: MiniStack, deployed: Path
) -> Contender:
    """Who meets the faults, listening to a queue of its own."""
    name = request.config.getoption("contender", HYBRID)
    contender = Contender(name, Cloud(ministack, f"faults_{name}"))
    api.wait_for_dags(*PARTNERS)
    contender.start(api, deployed)
    return contender


@pytest.fixture
def ledger(database: Database, contender: Contender) -> Ledger:
    return Ledger(database, contender.cloud)


@pytest.fixture
def settle(
    contender: Contender, ledger: Ledger, record: Callable[[Row], Row]
) -> Callable[[Stream, str], Row]:
    """Return a function that waits for a stream's end to settle, records the row, and judges our own."""

    def settle(stream: Stream, fault: str) -> Row:
        row = record(ledger.settle(stream, fault, contender=contender.name))
        assert row.flawless or not contender.ours, row
        return row

    return settle


@pytest.fixture(scope="session")
def outcomes(
    request: pytest.FixtureRequest,
    airflow: Airflow,
    api: AirflowApi,
    ministack: MiniStack,
    database: Database,
    deployed: Path,
) -> Iterator[Outcomes]:
    """What came of every scenario of this session, once all of them have been played side by side."""
    world = World(airflow, api, ministack, database, DagFolder(deployed, database))
    with play(selected_scenarios(request.session), world) as outcomes:
        yield outcomes
