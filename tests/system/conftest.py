"""One MiniStack, one PostgreSQL and one Airflow for all system tests."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from tests.harness.airflow import Airflow
from tests.harness.autopsy import autopsy
from tests.harness.bundles import bundles
from tests.harness.environment import PROJECT
from tests.harness.home import fresh_home
from tests.harness.ministack import MiniStack
from tests.harness.monitoring import Statsd
from tests.harness.postgres import Postgres
from tests.harness.running import running
from tests.system.database import Database
from tests.system.faults.table import append, render

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from tests.harness.api import AirflowApi
    from tests.system.faults.ledger import Row

TEST_DAGS = PROJECT / "tests" / "system" / "dags"
FAULT_DAGS = PROJECT / "tests" / "system" / "faults" / "dags"
EXAMPLE_DAGS = PROJECT / "example_dags"

# `make test-cluster` has an environment of its own, with Celery.
collect_ignore = [] if find_spec("celery") else ["cluster"]

_ROWS = pytest.StashKey["list[Row]"]()

HANGS_AFTER = 1800
"""Seconds. The first test that wants it starts Airflow, or plays all scenarios of the session."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give system tests, and no others, their own limit."""
    for item in items:
        if item.path.is_relative_to(PROJECT / "tests" / "system"):
            item.add_marker(pytest.mark.timeout(HANGS_AFTER))


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """The directory of all data and logs, which stays until the next run."""
    with fresh_home(PROJECT / ".test" / "system") as path:
        yield path


@pytest.fixture(scope="session")
def ministack(home: Path) -> Iterator[MiniStack]:
    with running(MiniStack(home / "ministack")) as server:
        yield server


@pytest.fixture(scope="session")
def strict_ministack(home: Path) -> Iterator[MiniStack]:
    """A second AWS, which refuses wrong credentials."""
    with running(MiniStack(home / "strict", AUTH="true")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres(home: Path) -> Iterator[Postgres]:
    server = Postgres(home / "postgres")
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def database(postgres: Postgres) -> Database:
    return Database(postgres)


@pytest.fixture(scope="session")
def deployed(home: Path) -> Path:
    """A folder for DAG files that come and go while Airflow runs."""
    folder = home / "deployed"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def statsd() -> Iterator[Statsd]:
    """What Airflow's metrics are sent to."""
    with running(Statsd(with_tags=True)) as server:
        yield server


@pytest.fixture(scope="session")
def airflow(
    home: Path, ministack: MiniStack, postgres: Postgres, deployed: Path, statsd: Statsd
) -> Iterator[Airflow]:
    """Airflow with the example DAGs and the tests' own."""
    installation = Airflow(
        home / "airflow",
        EXAMPLE_DAGS,
        postgres.url,
        environ={
            "AIRFLOW_CONN_AWS_DEFAULT": ministack.airflow_connection(),
            "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": bundles(
                examples=EXAMPLE_DAGS, tests=TEST_DAGS, faults=FAULT_DAGS, deployed=deployed
            ),
            # Tasks that died with their scheduler: Airflow looks for them every five minutes.
            "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
            **statsd.environ,
        },
    )
    with running(installation):
        yield installation


@pytest.fixture(scope="session")
def api(airflow: Airflow) -> AirflowApi:
    """The administrator's API, once all DAGs are parsed."""
    client = airflow.api()
    client.wait_for_dags("hybrid_dispatcher", "aggregate_partners", "recorder", "wrong_credential")
    return client


@pytest.fixture(scope="session")
def record(request: pytest.FixtureRequest, home: Path) -> Callable[[Row], Row]:
    """Return a function that puts a row into the table at the session's end, and returns it."""
    rows = request.config.stash.setdefault(_ROWS, [])

    def record(row: Row) -> Row:
        rows.append(row)
        append(row, home / "faults" / "rows.jsonl")
        return row

    return record


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if rows := config.stash.get(_ROWS, []):
        Console(file=terminalreporter, width=max(100, terminalreporter._tw.fullwidth)).print(render(rows))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show, below a failed test, what Airflow has to say about it."""
    report = yield
    airflow = getattr(item, "funcargs", {}).get("airflow")
    if report.failed and call.when == "call" and airflow is not None:
        report.sections.append(("Airflow", "\n\n".join(autopsy(airflow))))
    return report
