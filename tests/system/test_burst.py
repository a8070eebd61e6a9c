"""Many messages at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.demo.cloud import Cloud
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route

if TYPE_CHECKING:
    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack

MESSAGES = 500
PARTNERS = [f"burst_{letter}" for letter in "abcde"]


def test_500_messages_become_500_runs(airflow: Airflow, api: AirflowApi, ministack: MiniStack) -> None:
    """Each once, in few runs of the dispatcher and a dozen launches at the most; the queue ends up empty."""
    cloud = Cloud(ministack, "burst")
    bodies = [
        eventbridge(f"burst-{number}", {"partner": PARTNERS[number % len(PARTNERS)], "number": number})
        for number in range(MESSAGES)
    ]
    cloud.send_many(bodies)
    routes = [route(partner, partner=[partner]) for partner in PARTNERS]
    api.set_variable("burst", configuration(cloud, *routes))
    for partner in PARTNERS:
        api.unpause(partner)

    api.unpause("burst")

    def all_settled() -> bool:
        airflow.check()
        return cloud.backlog() == 0

    wait_until(all_settled, 120, "an empty queue", every=1)
    numbers = [int(run["conf"]["number"]) for partner in PARTNERS for run in api.runs(partner)]
    assert sorted(numbers) == list(range(MESSAGES))
    launches = [
        task for task in api.tasks("burst", "~") if task["task_id"] == "launch" and task["try_number"]
    ]
    assert 1 <= len(launches) <= 12
    assert all(run["state"] in ("running", "success") for run in api.runs("burst"))
    assert len([run for run in api.runs("burst") if run["state"] == "success"]) <= 3
    assert cloud.dead_letters() == []
