"""The template's three ways in: an upload ends as a DAG run by each, and an event that takes two as one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.cases import load
from tests.harness.stack import Stack
from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi, Json
    from tests.harness.ministack import MiniStack

WAYS = ("interceptor", "sqs", "eventbridge")
KEY = "orders/2026-11-22/größe a+b.csv"


@pytest.fixture(scope="module")
def stacks(api: AirflowApi, ministack: MiniStack) -> dict[str, Stack]:
    """A stack for each way in, with a new bucket, and a dispatcher that listens to its queue."""
    stacks = {way: Stack(ministack, f"way-{way}") for way in WAYS}
    for way, stack in stacks.items():
        stack.create(WayIn=way, QueueName=f"way-{way}", Bucket1=f"way-{way}", CreateBucket1="true")
        document = json.loads(stack.outputs["Variable"])
        document["routes"] = [{**document["routes"][0], "name": way, "trigger_dag_id": "recorder"}]
        api.set_variable(f"way_{way}", document)
        api.unpause(f"way_{way}")
    api.unpause("recorder")
    return stacks


def runs_of(api: AirflowApi, way: str) -> list[Json]:
    """Return the runs that a way's route has started."""
    return [run for run in api.runs("recorder") if run["dag_run_id"].startswith(f"{way}__")]


@pytest.mark.parametrize("way", WAYS)
def test_an_upload_ends_as_a_dag_run(
    airflow: Airflow, api: AirflowApi, ministack: MiniStack, stacks: dict[str, Stack], way: str
) -> None:
    ministack.client("s3").put_object(Bucket=f"way-{way}", Key=KEY, Body=b"12345")

    def found() -> list[Json]:
        airflow.check()
        return runs_of(api, way)

    (run,) = wait_until(found, 120, f"the run of an upload by way of {way}", every=1)
    assert run["conf"] == {"bucket": f"way-{way}", "key": KEY}


def test_an_event_that_travels_two_ways_starts_one_run(
    api: AirflowApi, ministack: MiniStack, stacks: dict[str, Stack]
) -> None:
    outputs, sqs = stacks["interceptor"].outputs, ministack.client("sqs")
    upload = load("ministack_s3_key_plus")
    body = upload.body.replace(upload.expected[0]["detail"]["bucket"]["name"], "way-interceptor")
    before = len(runs_of(api, "interceptor"))

    ministack.client("lambda").invoke(FunctionName=outputs["InterceptorArn"], Payload=body)
    sqs.send_message(QueueUrl=outputs["QueueUrl"], MessageBody=body)

    wait_until(lambda: not backlog(sqs, outputs["QueueUrl"]), 120, "an empty queue", every=1)
    assert len(runs_of(api, "interceptor")) == before + 1
    assert not backlog(sqs, outputs["DeadLetterQueueUrl"])


def backlog(sqs: Any, queue_url: str) -> int:
    """Return how many messages a queue holds, those in flight too."""
    answer = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    return sum(int(answer[name]) for name in names)


def test_the_doctor_finds_nothing_wrong(airflow: Airflow, stacks: dict[str, Stack]) -> None:
    command = [Path(sys.executable).parent / "hybrid", "doctor", "--variable", "way_sqs", "--json"]

    # As the docs recommend it; the tests keep Airflow's default.
    recommended = {"AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60"}
    environ = airflow.environ | recommended

    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert [finding for finding in json.loads(done.stdout)["findings"] if finding["level"] != "fine"] == []
