"""Parts of Airflow die, while thousands of files wait for the end of their windows."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.demo.cloud import Cloud
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge
from tests.system.windows import outcome_of, send_files, windowed_route

if TYPE_CHECKING:
    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack
    from tests.system.database import Database

NAME, PARTNER = "windows_long", "windowed_long"
FILES, FOLDERS, SECONDS = 10_000, 50, 120
WINDOW, MAX_EVENTS = 60, 500
MOST = 2
"""Times the fewest runs: after a kill, more messages are due at once than a batch holds."""

STARTS_WITHIN = 10
"""Seconds from the end of a window to its run, while all of Airflow works."""


@pytest.mark.long
def test_10000_files_are_in_the_runs_of_their_windows_though_triggerer_and_workers_die(
    airflow: Airflow,
    api: AirflowApi,
    ministack: MiniStack,
    database: Database,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cloud = Cloud(ministack, NAME)
    settings = {"visibility_timeout": 60, "max_messages": 5000}
    api.set_variable(NAME, configuration(cloud, windowed_route(PARTNER, WINDOW, MAX_EVENTS), **settings))
    for dag_id in (PARTNER, NAME):
        api.unpause(dag_id)
    cloud.send(eventbridge("before", {"number": FILES, "folder": "before"}))
    wait_until(lambda: not cloud.visible(), 180, "a dispatcher that listens", every=0.2)
    sender = threading.Thread(target=send_files, args=(cloud, FILES, FOLDERS, SECONDS))
    sender.start()

    sender.join(SECONDS / 2)
    killed_at = time.time()
    airflow.components["triggerer"].kill()
    airflow.components["triggerer"].start()
    sender.join(SECONDS / 4)
    airflow.components["scheduler"].kill()
    airflow.components["scheduler"].start()
    sender.join()

    def all_settled() -> bool:
        airflow.check()
        return cloud.backlog() == 0

    wait_until(all_settled, 900, "an empty queue", every=1)
    outcome = outcome_of(database, PARTNER, MAX_EVENTS)
    on_time = [
        delay for (ended_at, _), delay in outcome.delays.items() if ended_at + STARTS_WITHIN < killed_at
    ]
    repeated = sum(times > 1 for times in outcome.times.values())
    with capsys.disabled():
        print(  # noqa: T201 - what a run of minutes has measured
            f"\n{len(outcome.times)} files, {outcome.runs} runs (fewest {outcome.fewest}), {repeated} twice. "
            f"Seconds from the end of a window to its run: {max(on_time):.1f} before the first kill, "
            f"{max(outcome.delays.values()):.1f} over all"
        )
    assert set(outcome.times) == set(range(FILES + 1))
    assert outcome.runs <= outcome.fewest * MOST
    assert max(on_time) < STARTS_WITHIN
    assert cloud.dead_letters() == []
