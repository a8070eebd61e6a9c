"""The main job, as the demo shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.demo.cloud import Cloud
from tests.demo.outcome import Outcome, observe
from tests.demo.world import BUCKETS, DISPATCHER, FINAL_DAG, REPORT_BUCKET, configuration, make_world
from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack


def test_uploads_become_the_right_runs(airflow: Airflow, api: AirflowApi, ministack: MiniStack) -> None:
    """Each upload one run, each day one final run, each useless message in the dead-letter queue."""
    world = make_world()
    cloud = Cloud(ministack)
    cloud.create_notifying_buckets(BUCKETS)
    cloud.create_buckets(REPORT_BUCKET)
    api.set_variable(DISPATCHER, configuration(cloud.queue_url, cloud.dead_letter_queue_url))
    for dag_id in (DISPATCHER, FINAL_DAG, *world.partner_dags):
        api.unpause(dag_id)

    for delivery in world.deliveries:
        cloud.upload(delivery.bucket, delivery.key, delivery.body)
    cloud.upload(world.unwanted_bucket, world.unwanted_key, b"")
    cloud.send(world.rubbish)

    def look() -> Outcome | None:
        airflow.check()
        outcome = observe(world, api, cloud)
        return outcome if outcome.complete else None

    assert wait_until(look, 120, "runs, final runs and dead letters", every=1).faults() == []
