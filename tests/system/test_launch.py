"""The mapped task `launch`, in a real Airflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.demo.cloud import Cloud
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route, run_of

if TYPE_CHECKING:
    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi, Json
    from tests.harness.ministack import MiniStack
    from tests.system.database import Database

NAME = "mapping"
PARTNERS = ("burst_a", "burst_b")
_DEPENDENCIES = """
SELECT data -> 'dag' -> 'dag_dependencies' FROM serialized_dag WHERE dag_id = 'graph'
"""


def test_each_partner_has_an_instance_of_launch_where_listen_launches_nothing(
    airflow: Airflow, api: AirflowApi, ministack: MiniStack
) -> None:
    cloud = Cloud(ministack, NAME)
    cloud.send_many(
        [
            eventbridge(f"{NAME}-{number}", {"partner": PARTNERS[number % 2], "number": number})
            for number in range(5)
        ]
    )
    api.set_variable(NAME, configuration(cloud, *(route(partner, partner=[partner]) for partner in PARTNERS)))

    api.unpause(NAME)

    def all_settled() -> bool:
        airflow.check()
        return not cloud.backlog()

    wait_until(all_settled, 120, "an empty queue", every=1)

    def all_launched() -> bool:
        return [task["state"] for task in _instances(api)] == ["success", "success"]

    wait_until(all_launched, 30, "the end of both instances", every=1)
    instances = _instances(api)
    assert sorted(task["rendered_map_index"] for task in instances) == ["burst_a: 3 runs", "burst_b: 2 runs"]
    assert {task["operator"] for task in instances} == {"LaunchDagRunsOperator"}
    runs = {run["dag_run_id"] for partner in PARTNERS for run in api.runs(partner)}
    assert {run_of(PARTNERS[number % 2], f"{NAME}-{number}") for number in range(5)} <= runs
    api.pause(NAME)


def test_airflow_takes_what_launch_maps_for_a_trigger_dag_run_operator(
    api: AirflowApi, database: Database
) -> None:
    """Its graph of DAG dependencies has an edge for each of them whose partner stands in the DAG file."""
    api.wait_for_dags("graph")

    ((dependencies,),) = database.rows(_DEPENDENCIES)

    edges = [(edge["dependency_type"], edge["source"], edge["target"]) for edge in dependencies]
    assert ("trigger", "graph", "recorder") in edges


def _instances(api: AirflowApi) -> list[Json]:
    return [task for task in api.tasks(NAME, "~") if task["task_id"] == "launch" and task["map_index"] >= 0]
