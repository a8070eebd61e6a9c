"""`hybrid send` in a real Airflow: S3 itself makes the event, and the record says what became of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.demo.cloud import Cloud
from tests.harness.wait import wait_until
from tests.system.events import configuration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack

NAME = "sent"
WANTED = "s3://sent-bucket/orders/wanted.csv"

Send = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def listening(api: AirflowApi, ministack: MiniStack) -> Iterator[None]:
    """A dispatcher that wants uploads whose keys end with ``wanted.csv``."""
    cloud = Cloud(ministack, NAME)
    cloud.create_notifying_buckets(["sent-bucket"])
    wanted = {"source": ["aws.s3"], "detail": {"object": {"key": [{"suffix": "wanted.csv"}]}}}
    route = {
        "name": "recorder",
        "event_pattern": wanted,
        "trigger_dag_id": "recorder",
        "conf": {"key": "{{ event.detail.object.key }}"},
    }
    api.wait_for_dags(NAME)
    api.set_variable(NAME, configuration(cloud, route))
    api.unpause(NAME)
    api.unpause("recorder")
    # The first message of a new queue is S3's own, of the notification that was set up.
    wait_until(lambda: not cloud.backlog(), 60, "an empty queue", every=1)
    yield
    api.pause(NAME)


@pytest.fixture
def send(airflow: Airflow, listening: None) -> Send:
    def send(*arguments: str, text: str = "") -> tuple[int, list[dict[str, Any]]]:
        command = [Path(sys.executable).parent / "hybrid", "send", *arguments, "--variable", NAME, "--json"]
        done = subprocess.run(
            command, env=airflow.environ, input=text, text=True, capture_output=True, check=False
        )
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)["sent"]

    return send


def test_an_upload_is_followed_to_its_run(airflow: Airflow, api: AirflowApi, send: Send) -> None:
    code, (sent,) = send(WANTED)

    assert (code, sent["sent"], sent["outcome"]) == (0, WANTED, "started")
    (run,) = sent["runs"]
    assert run["url"] == f"{airflow.base_url}/dags/recorder/runs/{run['run_id']}"
    runs = {run["dag_run_id"]: run["conf"] for run in api.runs("recorder")}
    assert runs[run["run_id"]] == {"key": "orders/wanted.csv"}


def test_an_upload_that_no_route_wants_is_followed_to_the_reason(send: Send) -> None:
    code, (sent,) = send("s3://sent-bucket/orders/other.csv")

    assert (code, sent["outcome"], sent["dead_lettered"], sent["runs"]) == (1, "unmatched", True, [])
    assert "no route wants" in sent["reason"]


def test_a_message_is_followed_by_its_id(send: Send) -> None:
    code, (sent,) = send("-", text="no event")

    assert (code, sent["outcome"]) == (1, "rejected")
    assert sent["sent"] == sent["message_id"]
