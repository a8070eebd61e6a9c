"""A run once more, in a real Airflow: when somebody wants it, and never by accident."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.demo.cloud import Cloud
from tests.harness.versions import AIRFLOW
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route, run_of

if TYPE_CHECKING:
    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi, Json
    from tests.harness.ministack import MiniStack

NAME = "again"


def test_a_run_is_started_once_more_when_somebody_wants_it_and_by_no_delivery(
    airflow: Airflow, api: AirflowApi, ministack: MiniStack
) -> None:
    cloud, first = Cloud(ministack, NAME), run_of("recorder", NAME)
    api.wait_for_dags(NAME)
    api.set_variable(NAME, configuration(cloud, route("recorder")))
    api.unpause(NAME)
    api.unpause("recorder")

    def runs() -> list[Json]:
        return [run for run in api.runs("recorder") if run["dag_run_id"].startswith(first)]

    def settle(messages: int) -> None:
        for _ in range(messages):
            cloud.send(eventbridge(NAME, {"number": 7}))
        wait_until(lambda: not cloud.backlog() and runs(), 60, "its run and an empty queue", every=1)

    settle(1)
    command = [Path(sys.executable).parent / "hybrid", "launch", "--again", NAME]

    done = subprocess.run(command, env=airflow.environ, text=True, capture_output=True, check=False)

    assert (done.returncode, done.stdout) == (0, f"started  recorder {first}~2\n"), done.stderr
    settle(2)
    assert [run["dag_run_id"] for run in runs()] == [first, f"{first}~2"]
    wait_until(lambda: runs()[1]["state"] == "success", 60, "its end", every=1)
    again = runs()[1]
    assert again["conf"] == {"number": 7}
    assert again["note"].startswith(f"Run `{first}` once more, wanted by ")
    assert again["triggered_by"] == "cli", AIRFLOW
    api.pause(NAME)
