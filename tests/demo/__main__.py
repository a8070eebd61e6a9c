"""Run the demo: ``python -m tests.demo [--keep]``."""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console

from tests.demo.cloud import Cloud
from tests.demo.deployment import Deployment
from tests.demo.outcome import Outcome, observe
from tests.demo.report import tables
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
from tests.harness.airflow import USER, Airflow
from tests.harness.autopsy import autopsy
from tests.harness.bundles import bundles
from tests.harness.closing import closing_on_signals
from tests.harness.environment import PROJECT
from tests.harness.home import fresh_home
from tests.harness.ministack import MiniStack
from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack

    from tests.harness.api import AirflowApi

HOME = PROJECT / ".demo"
PATIENCE = 120  # seconds from the last upload to the last run's end
console = Console(highlight=False)
if not console.is_terminal:
    console.width = 120  # rich takes a pipe for a terminal of 80 columns


def main() -> int:
    """Play the whole demo; return 0 if all came as it must, else 1 (130 after Ctrl-C)."""
    arguments = _arguments()
    try:
        with closing_on_signals() as stack:
            return 0 if play(stack, keep_running=arguments.keep) else 1
    except (RuntimeError, TimeoutError) as error:
        console.print(f"{type(error).__name__}: {error}", style="red", markup=False)
        code = 1
    except KeyboardInterrupt:
        code = 130
    console.print(f"Stopped. The logs are in {HOME}")
    return code


def play(stack: ExitStack, *, keep_running: bool) -> bool:
    """Tell the story; return whether it ended well. What it starts ends with ``stack``."""
    stack.enter_context(fresh_home(HOME))
    world = make_world(late_days=(LATE_DAY,))
    with step("MiniStack: S3, Lambda and SQS, by the CloudFormation template"):
        ministack, cloud = create_cloud(stack)
    with step("Airflow: API server, scheduler, DAG processor, triggerer"):
        airflow = start_airflow(stack, ministack)
    try:
        with step("The dispatcher listens"):
            api = start_listening(airflow, cloud, world)
        with step("A message of rubbish goes to the dead-letter queue"):
            send_rubbish(world, cloud)
        uploaded = deliver(world, cloud)
        with step("A late day: a second dispatcher maps `launch` over the partners"):
            uploaded |= deliver_late(world, api, Cloud(ministack, "late-events"))
        outcome = watch(world, airflow, api, cloud)
    except (RuntimeError, TimeoutError):
        explain(airflow)
        raise
    ok = conclude(outcome, uploaded, cloud, api)
    if not ok:
        explain(airflow)
    if keep_running:
        keep(airflow)
    return ok


def create_cloud(stack: ExitStack) -> tuple[MiniStack, Deployment]:
    """Start MiniStack; deploy the template, and let the buckets tell its interceptor of their uploads."""
    ministack = MiniStack(HOME / "ministack")
    stack.callback(ministack.stop)
    ministack.start()
    cloud = Deployment(ministack, BUCKETS)
    cloud.create_buckets(REPORT_BUCKET)
    return ministack, cloud


def start_airflow(stack: ExitStack, ministack: MiniStack) -> Airflow:
    """Start Airflow with SQLite, the example DAGs and a connection to MiniStack."""
    airflow = Airflow(
        HOME / "airflow",
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
    airflow.start()
    return airflow


def start_listening(airflow: Airflow, cloud: Cloud, world: World) -> AirflowApi:
    """Configure the dispatcher, unpause all DAGs and wait until the trigger has taken over."""
    api = airflow.api()
    api.set_variable(DISPATCHER, configuration(cloud.queue_url, cloud.dead_letter_queue_url))
    # The dispatcher last: its first task and a request of ours would lock each other out of SQLite.
    dags = [FINAL_DAG, *world.partner_dags, DISPATCHER]
    api.wait_for_dags(*dags)
    for dag_id in dags:
        api.unpause(dag_id)
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


def conclude(outcome: Outcome, uploaded: dict[str, datetime], cloud: Deployment, api: AirflowApi) -> bool:
    """Print the tables and whether all is as it must be."""
    launches = [task for task in api.tasks(MAPPING_DISPATCHER, "~") if task["task_id"] == "launch"]
    for table in tables(outcome, uploaded, cloud.way_in, launches):
        console.print(table)
    faults = outcome.faults()
    for fault in faults:
        console.print(f"✗ {fault}", style="red", markup=False)
    if not faults:
        console.print(
            "[green]✓ Every upload became its run, once; every total is right; nothing was lost.[/]"
        )
    return not faults


def explain(airflow: Airflow) -> None:
    """Print where to look for what went wrong."""
    for paragraph in autopsy(airflow):
        console.print(paragraph, markup=False)
    console.print(f"The logs are in {HOME}")


def keep(airflow: Airflow) -> None:
    """Leave all running until Ctrl-C."""
    console.print(f"\nAirflow is at {airflow.base_url}  (user: {USER}, password: {airflow.password})")
    console.print("Ctrl-C stops it.")
    with suppress(KeyboardInterrupt):
        signal.pause()


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    begin = monotonic()
    with console.status(what):
        yield
    console.print(f"  {what} [dim]({monotonic() - begin:.1f} s)[/]")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave all running, and print the UI's address")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
