"""Fixtures of the fault tests, and the table at the end of their session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from tests.system.faults.dag_folder import DagFolder
from tests.system.faults.database import Database
from tests.system.faults.ledger import HYBRID, Row
from tests.system.faults.side_by_side import play, selected_scenarios
from tests.system.faults.stage import World
from tests.system.faults.table import append, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack
    from tests.harness.postgres import Postgres
    from tests.system.faults.side_by_side import Outcomes

_ROWS = pytest.StashKey[list[Row]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--contender",
        default=HYBRID,
        choices=[HYBRID, "sqs_sensor", "asset_watcher"],
        help="who meets the faults; a peer meets only those tests that compare, and none of them judges it",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A peer has nothing to do with tests of our own behaviour."""
    if config.getoption("contender", HYBRID) != HYBRID:
        items[:] = [item for item in items if "contender" in getattr(item, "fixturenames", ())]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if rows := config.stash.get(_ROWS, []):
        Console(file=terminalreporter, width=max(100, terminalreporter._tw.fullwidth)).print(render(rows))


@pytest.fixture(scope="session")
def database(postgres: Postgres) -> Database:
    return Database(postgres)


@pytest.fixture(scope="session")
def record(request: pytest.FixtureRequest, home: Path) -> Callable[[Row], Row]:
    """Return a function that puts a row into the table at the end, and returns it."""
    rows = request.config.stash.setdefault(_ROWS, [])

    def record(row: Row) -> Row:
        rows.append(row)
        append(row, home / "faults" / "rows.jsonl")
        return row

    return record


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
