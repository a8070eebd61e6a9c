"""The main job, as the demo shows it; and what `hybrid explain` said of it before it ran."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app
from tests.demo.cloud import Cloud
from tests.demo.outcome import Outcome, observe
from tests.demo.world import BUCKETS, DISPATCHER, FINAL_DAG, REPORT_BUCKET, configuration, make_world
from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack


def test_uploads_become_the_right_runs(
    airflow: Airflow, api: AirflowApi, ministack: MiniStack, tmp_path: Path
) -> None:
    """Each upload one run, each day one final run, each useless message in the dead-letter queue."""
    world = make_world()
    cloud = Cloud(ministack)
    cloud.create_notifying_buckets(BUCKETS)
    cloud.create_buckets(REPORT_BUCKET)
    for delivery in world.deliveries:
        cloud.upload(delivery.bucket, delivery.key, delivery.body)
    cloud.upload(world.unwanted_bucket, world.unwanted_key, b"")
    cloud.send(world.rubbish)
    document = configuration(cloud.queue_url, cloud.dead_letter_queue_url)
    explained = explain(cloud.peek(), document, tmp_path)

    api.set_variable(DISPATCHER, document)
    for dag_id in (DISPATCHER, FINAL_DAG, *world.partner_dags):
        api.unpause(dag_id)

    def look() -> Outcome | None:
        airflow.check()
        outcome = observe(world, api, cloud)
        return outcome if outcome.complete else None

    outcome = wait_until(look, 120, "runs, final runs and dead letters", every=1)
    assert outcome.faults() == []
    assert explained == done(outcome)


def explain(messages: list[dict[str, Any]], document: dict[str, Any], folder: Path) -> list[Any]:
    """Return the runs and the rejections that `hybrid explain` foretells."""
    file = folder / "hybrid_dispatcher.json"
    file.write_text(json.dumps(document))
    result = CliRunner().invoke(
        app, ["explain", "-", "--config", str(file), "--json"], input=json.dumps({"Messages": messages})
    )
    explanations = json.loads(result.stdout)["messages"]
    launches = [launch for explanation in explanations for launch in explanation["launches"]]
    return [
        sorted(
            (run["trigger_dag_id"], run["trigger_run_id"], sorted(run["conf"].items())) for run in launches
        ),
        sorted(
            (explanation["rejection"]["error_type"], explanation["rejection"]["error_message"])
            for explanation in explanations
            if explanation["rejection"]
        ),
    ]


def done(outcome: Outcome) -> list[Any]:
    """Return the runs and the rejections that came."""
    runs = [run for found in outcome.runs.values() for run in found]
    return [
        sorted((run["dag_id"], run["dag_run_id"], sorted(run["conf"].items())) for run in runs),
        sorted((letter.error_type, letter.error_message) for letter in outcome.dead_letters),
    ]
