"""The play itself: an AWS and an Airflow, uploads, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console

from tests.demo.cloud import Cloud
from tests.demo.deployment import Deployment
from tests.demo.outcome import Outcome, observe
from tests.demo.step import step
from tests.demo.world import (
    BUCKETS,
    DISPATCHER,
    FINAL_DAG,
    LATE_BUCKETS,
    LATE_DAY,
    MAPPING_DISPATCHER,
    REPORT_BUCKET,
    World,
    configuration,
    make_world,
)
from tests.harness.airflow import Airflow
from tests.harness.autopsy import autopsy
from tests.harness.bundles import bundles
from tests.harness.environment import PROJECT
from tests.harness.ministack import MiniStack
from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path

    from tests.harness.api import AirflowApi

PATIENCE = 120  # seconds from the last upload to the last run's end
console = Console(highlight=False)
if not console.is_terminal:
    console.width = 120  # rich takes a pipe for a terminal of 80 columns


@dataclass(frozen=True)
class Play:
    """The end of the play, and what still runs then.

    Args:
        airflow: The installation.
        ministack: The emulated AWS.
        api: Its API, for the administrator.
        cloud: The AWS side.
        outcome: What came of the uploads.
        uploaded: When each object was uploaded, by its address.
    """

    airflow: Airflow
    ministack: MiniStack
    api: AirflowApi
    cloud: Deployment
    outcome: Outcome
    uploaded: dict[str, datetime]


def play(stack: ExitStack, home: Path) -> Play:
    """Tell the story. What it starts ends with ``stack``.

    Args:
        stack: What is cleaned up at the end.
        home: Directory of all data and logs.
    """
    world = make_world(late_days=(LATE_DAY,))
    with step(console, "MiniStack: S3, Lambda and SQS, by the CloudFormation template"):
        ministack, cloud = create_cloud(stack, home)
    with step(console, "Airflow: API server, scheduler, DAG processor, triggerer") as tell:
        airflow = start_airflow(stack, home, ministack, tell)
    try:
        with step(console, "The dispatcher listens") as tell:
            api = start_listening(airflow, cloud, world, tell)
        with step(console, "A message of rubbish goes to the dead-letter queue"):
            send_rubbish(world, cloud)
        uploaded = deliver(world, cloud)
        with step(console, "A late day: a second dispatcher maps `launch` over the partners"):
            uploaded |= deliver_late(world, api, Cloud(ministack, "late-events"))
        outcome = watch(world, airflow, api, cloud)
    except (RuntimeError, TimeoutError):
        explain(airflow)
        raise
    return Play(airflow, ministack, api, cloud, outcome, uploaded)


def create_cloud(stack: ExitStack, home: Path) -> tuple[MiniStack, Deployment]:
    """Start MiniStack; deploy the template, and let the buckets tell its interceptor of their uploads."""
    ministack = MiniStack(home / "ministack")
    stack.callback(ministack.stop)
    ministack.start()
    cloud = Deployment(ministack, BUCKETS)
    cloud.create_buckets(REPORT_BUCKET)
    return ministack, cloud


def start_airflow(stack: ExitStack, home: Path, ministack: MiniStack, tell: Callable[[str], None]) -> Airflow:
    """Start Airflow with SQLite, the example DAGs and a connection to MiniStack, and tell how far it is."""
    airflow = Airflow(
        home / "airflow",
        PROJECT / "example_dags",
        environ={
            "AIRFLOW_CONN_AWS_DEFAULT": ministack.airflow_connection(),
            "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": bundles(
                examples=PROJECT / "example_dags", demo=PROJECT / "tests" / "demo" / "dags"
            ),
        },
    )
    stack.callback(airflow.stop)
    stack.callback(console.print, "Stopping Airflow and MiniStack, which takes some seconds")
    airflow.start(tell=tell)
    return airflow


def start_listening(airflow: Airflow, cloud: Cloud, world: World, tell: Callable[[str], None]) -> AirflowApi:
    """Configure the dispatcher, unpause all DAGs and wait until the trigger has taken over."""
    api = airflow.api()
    api.set_variable(DISPATCHER, configuration(cloud.queue_url, cloud.dead_letter_queue_url))
    # The dispatcher last: its first task and a request of ours would lock each other out of SQLite.
    dags = [FINAL_DAG, *world.partner_dags, DISPATCHER]
    tell("waiting for the DAG files to be parsed")
    api.wait_for_dags(*dags)
    for dag_id in dags:
        api.unpause(dag_id)
    tell("waiting for the triggerer to take its task `listen`")
    wait_until(
        lambda: any(task["state"] == "deferred" for task in api.tasks(DISPATCHER, "~")),
        60,
        f"the task `listen` of {DISPATCHER} to be deferred",
    )
    return api


def send_rubbish(world: World, cloud: Cloud) -> None:
    """Send what is no event, and wait until the dispatcher has put it aside."""
    cloud.send(world.rubbish)
    wait_until(cloud.dead_letters, 60, "the message of rubbish to arrive in the dead-letter queue")


def deliver(world: World, cloud: Cloud) -> dict[str, datetime]:
    """Upload all there is; return when each object was uploaded."""
    uploaded = {}
    for delivery in world.deliveries:
        if delivery.bucket in BUCKETS:
            uploaded[delivery.uri] = datetime.now(timezone.utc)
            cloud.upload(delivery.bucket, delivery.key, delivery.body)
    cloud.upload(world.unwanted_bucket, world.unwanted_key, b"a new partner, whom no route knows yet")
    console.print(
        f"  Uploaded {len(uploaded)} files of {len(world.partner_dags)} partners, and one that no route wants"
    )
    return uploaded


def deliver_late(world: World, api: AirflowApi, cloud: Cloud) -> dict[str, datetime]:
    """Upload the late files, then let the second dispatcher listen: it gets them all at once."""
    cloud.create_notifying_buckets(LATE_BUCKETS)
    uploaded = {}
    for delivery in world.deliveries:
        if delivery.bucket in LATE_BUCKETS:
            uploaded[delivery.uri] = datetime.now(timezone.utc)
            cloud.upload(delivery.bucket, delivery.key, delivery.body)
    document = configuration(cloud.queue_url, cloud.dead_letter_queue_url, bucket="late")
    api.set_variable(MAPPING_DISPATCHER, document)
    api.wait_for_dags(MAPPING_DISPATCHER)
    api.unpause(MAPPING_DISPATCHER)
    wait_until(lambda: not cloud.backlog(), 60, "the late files to have their runs")
    return uploaded


def watch(world: World, airflow: Airflow, api: AirflowApi, cloud: Cloud) -> Outcome:
    """Show what happens until nothing more is to be expected, or patience ends."""
    deadline = monotonic() + PATIENCE
    said = ""
    with console.status("...") as status:

        def look() -> Outcome | None:
            nonlocal said
            airflow.check()
            outcome = observe(world, api, cloud)
            status.update(outcome.progress())
            if not console.is_terminal and outcome.progress() != said:
                said = outcome.progress()
                console.print(f"  {said}")
            # What is missing then is in the tables.
            return outcome if outcome.complete or monotonic() > deadline else None

        return wait_until(look, 2 * PATIENCE, "the outcome", every=1)


def explain(airflow: Airflow) -> None:
    """Print where to look for what went wrong."""
    for paragraph in autopsy(airflow):
        console.print(paragraph, markup=False)
    console.print(f"The logs are in {airflow.home.parent}")
