"""What arrives reaches its DAG run unchanged, and each event on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.demo.cloud import Cloud
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route, run_of

if TYPE_CHECKING:
    from tests.harness.api import AirflowApi, Json
    from tests.harness.ministack import MiniStack

NASTY_KEY = "orders/2026-11-22/{{ var.value.secret }} +%C3%A9.csv"


@pytest.fixture(scope="module")
def cloud(api: AirflowApi, ministack: MiniStack) -> Cloud:
    """A queue to which the dispatcher `delivery` listens, and a bucket that notifies it."""
    cloud = Cloud(ministack, "delivery")
    cloud.create_notifying_buckets(["literal"])
    uploads = {
        "name": "uploads",
        "event_pattern": {"source": ["aws.s3"], "detail": {"bucket": {"name": ["literal"]}}},
        "trigger_dag_id": "recorder",
        "conf": {"key": "{{ event.detail.object.key }}"},
    }
    api.set_variable("secret", "must never be seen")
    api.set_variable("delivery", configuration(cloud, uploads, route("recorder", purpose=["delivery"])))
    api.unpause("delivery")
    return cloud


def test_two_events_of_the_same_time_are_two_runs(api: AirflowApi, cloud: Cloud) -> None:
    for number in (1, 2):
        cloud.send(eventbridge(f"same-time-{number}", {"purpose": "delivery", "number": number}))

    wait_until(lambda: not cloud.backlog(), 60, "an empty queue")

    run_ids = {run["dag_run_id"] for run in _runs(api)}
    assert run_ids >= {run_of("recorder", f"same-time-{number}") for number in (1, 2)}


def test_a_key_reaches_the_conf_letter_by_letter(api: AirflowApi, cloud: Cloud) -> None:
    """S3 encodes it in its notification; Airflow would render it if anybody let it."""
    cloud.upload("literal", NASTY_KEY, b"")

    wait_until(lambda: not cloud.backlog(), 60, "an empty queue")

    assert [run["conf"] for run in _runs(api) if run["dag_run_id"].startswith("uploads__")] == [
        {"key": NASTY_KEY}
    ]


def _runs(api: AirflowApi) -> list[Json]:
    return api.runs("recorder")
