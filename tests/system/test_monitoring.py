"""The figures for monitoring, from the triggerer and the tasks of a real Airflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_hybrid.metrics.figures import FIGURES
from tests.demo.cloud import Cloud
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route

if TYPE_CHECKING:
    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack
    from tests.harness.monitoring import Statsd

NAME = "monitored"
BODIES = [
    *(eventbridge(f"{NAME}-{number}", {"partner": "recorder", "number": number}) for number in range(3)),
    eventbridge(f"{NAME}-3", {"partner": "nowhere", "number": 3}),
    "rubbish",
]


def test_each_figure_arrives(airflow: Airflow, api: AirflowApi, ministack: MiniStack, statsd: Statsd) -> None:
    cloud = Cloud(ministack, NAME)
    cloud.send_many(BODIES)
    routes = [route("recorder", partner=["recorder"]), route("nowhere", partner=["nowhere"])]
    api.set_variable(NAME, configuration(cloud, *routes))

    api.unpause(NAME)

    def all_settled() -> bool:
        airflow.check()
        names = {name for name, *_ in arrived(statsd)}
        return len(names) == len(FIGURES) and sum_of(statsd, "hybrid.messages.settled") == len(BODIES)

    wait_until(all_settled, 120, "every figure, and every message in one", every=1)
    api.pause(NAME)
    assert sum_of(statsd, "hybrid.messages.received") == len(BODIES)
    assert sum_of(statsd, "hybrid.runs.started") == 3
    assert {(name, *(tag for tag, _ in tags)) for name, _, tags in arrived(statsd)} == {
        (figure.name, *figure.tags) for figure in FIGURES
    }


def arrived(statsd: Statsd) -> list[tuple[str, float, tuple[tuple[str, str], ...]]]:
    """Return what this dispatcher has sent: names, values and tags."""
    return [
        (reading.name, reading.value, reading.tags)
        for reading in statsd.readings
        if ("dag_id", NAME) in reading.tags
    ]


def sum_of(statsd: Statsd, figure: str) -> float:
    return sum(value for name, value, _ in arrived(statsd) if name == figure)
