"""Parts of Airflow die, while a steady stream of events comes in."""

from __future__ import annotations

from datetime import datetime, timezone
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from tests.harness.wait import wait_until
from tests.system.faults.moments import Moments
from tests.system.faults.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.harness.airflow import Airflow
    from tests.harness.postgres import Postgres
    from tests.system.database import Database
    from tests.system.faults.contender import Contender
    from tests.system.faults.ledger import Ledger, Row

    Settle = Callable[[Stream, str], Row]

HANGS_AFTER = 60
"""Seconds after which a scheduler that is not healthy hangs."""

RECOVERS_WITHIN = 120
"""Seconds until what a killed triggerer held has its runs, with the default settings."""


@pytest.fixture
def moments(database: Database, airflow: Airflow, contender: Contender, ledger: Ledger) -> Moments:
    return Moments(database, airflow, contender, ledger)


@pytest.mark.parametrize("kills", [1, pytest.param(8, marks=pytest.mark.long)])
def test_a_killed_triggerer_loses_nothing(
    kills: int, airflow: Airflow, contender: Contender, moments: Moments, ledger: Ledger, settle: Settle
) -> None:
    """It dies while it holds messages, and again as soon as it is back."""
    triggerer = airflow.components["triggerer"]
    killed = []
    with Stream(contender.cloud, f"triggerer-{kills}", every=15) as stream:
        for number in range(kills):
            if number % 2:
                moments.wait_until_back(triggerer, "TriggererJob")
            else:
                moments.wait_until_held(stream)
            triggerer.kill()
            killed.append(datetime.now(timezone.utc))
            triggerer.start()

    settle(stream, f"Triggerer killed {_times(kills)}")
    assert ledger.longest_delay(stream, killed) < RECOVERS_WITHIN or not contender.ours


@pytest.mark.parametrize("kills", [1, pytest.param(4, marks=pytest.mark.long)])
def test_a_killed_scheduler_loses_nothing(
    kills: int, airflow: Airflow, contender: Contender, moments: Moments, settle: Settle
) -> None:
    """It takes its executor's workers along; it dies while they work, and again as soon as it is back."""
    scheduler = airflow.components["scheduler"]
    with Stream(contender.cloud, f"scheduler-{kills}", every=2) as stream:
        for number in range(kills):
            if number % 2:
                moments.wait_until_back(scheduler, "SchedulerJob")
            else:
                moments.wait_until_a_task_runs()
            scheduler.kill()
            scheduler.start()

    settle(stream, f"Scheduler killed {_times(kills)}, with its workers")


@pytest.mark.long
def test_a_killed_api_server_loses_nothing(
    airflow: Airflow, contender: Contender, moments: Moments, settle: Settle
) -> None:
    """It dies while a task works, which starts its runs through it."""
    api_server = airflow.components["api-server"]
    with Stream(contender.cloud, "api-server", every=2) as stream:
        moments.wait_until_a_task_runs()
        api_server.kill()
        api_server.start()
        airflow.wait_healthy(60)

    settle(stream, "API server killed")


@pytest.mark.long
def test_a_restart_of_postgresql_loses_nothing(
    airflow: Airflow, postgres: Postgres, contender: Contender, moments: Moments, settle: Settle
) -> None:
    """It is away until the triggerer, which holds messages, dies of it; what died is started again."""
    with Stream(contender.cloud, "postgresql", every=15) as stream:
        moments.wait_until_held(stream)
        postgres.stop()
        wait_until(lambda: not airflow.components["triggerer"].alive, 90, "the triggerer to die of it")
        postgres.start()
        patience = monotonic() + HANGS_AFTER
        wait_until(lambda: _revived(airflow, postgres.process.started_at, patience), 120, "a healthy Airflow")

    settle(stream, "PostgreSQL away until the triggerer dies of it")


@pytest.mark.long
def test_a_restart_of_everything_loses_nothing(
    airflow: Airflow, contender: Contender, moments: Moments, settle: Settle
) -> None:
    """It is stopped in an orderly way, while a trigger holds messages."""
    with Stream(contender.cloud, "everything", every=15) as stream:
        moments.wait_until_held(stream)
        airflow.stop()
        for component in airflow.components.values():
            component.start()
        airflow.wait_healthy(120)

    settle(stream, "All of Airflow stopped and started")


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _revived(airflow: Airflow, since: datetime, patience: float) -> bool:
    """Start again what is dead; true when nothing was, and all works since a moment.

    A scheduler that loses its database may wait for ever for a worker of LocalExecutor, and never end. When
    patience has ended it is killed, as a liveness probe does.
    """
    dead = [component for component in airflow.components.values() if not component.alive]
    for component in dead:
        component.start()
    is_healthy = not dead and airflow.healthy(since)
    scheduler = airflow.components["scheduler"]
    if not is_healthy and monotonic() > patience and scheduler.started_at < since:
        scheduler.kill()
    return is_healthy
