"""A DAG that is scheduled on a queue directly, as docs/direct.md shows it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.demo.cloud import Cloud
from tests.harness.environment import PROJECT
from tests.harness.wait import wait_until
from tests.system.faults.dag_folder import DagFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi, Json
    from tests.harness.ministack import MiniStack
    from tests.system.database import Database

EVENTS = 6
# What would start a process, or show a secret, if Airflow read it.
HOSTILE = {
    "__classname__": "subprocess.Popen",
    "__version__": 1,
    "__data__": ["id"],
    "text": "{{ var.value.secret }}",
}
# The page says that one can map over the events, too.
MAPPED = """
    @task
    def each(event):
        return event["detail"]["number"]

    each.expand(event=take.events)
"""


def test_it_gets_every_message_and_leaves_an_empty_queue(
    airflow: Airflow, api: AirflowApi, ministack: MiniStack, database: Database, deployed: Path
) -> None:
    pytest.importorskip("airflow.providers.common.messaging")
    cloud = Cloud(ministack, "orders")
    api.set_variable("secret", "must never be seen")
    folder = DagFolder(deployed, database)
    folder.deploy_file("orders", _source(cloud), ["orders"])
    api.unpause("orders")
    # Airflow begins to watch for a DAG that is not paused when it parses its file.
    folder.deploy_file("orders", _source(cloud), ["orders"])
    cloud.send("rubbish")
    cloud.send_many([json.dumps({"number": number, **HOSTILE}) for number in range(EVENTS)])

    def runs_at_the_end() -> list[Json]:
        airflow.check()
        runs = api.runs("orders")
        ended = all(run["state"] in {"success", "failed"} for run in runs)
        return runs if ended and not cloud.backlog() else []

    runs = wait_until(runs_at_the_end, 120, "an empty queue and the end of every run", every=1)

    assert {run["state"] for run in runs} == {"success"}
    assert _numbers(api, runs) == list(range(EVENTS))
    tasks = api.tasks("orders", "~")
    seen = "\n".join(api.log(task) for task in tasks if task["task_id"] == "process")
    assert [number for number in range(EVENTS) if f"'number': {number}, " not in seen] == []
    assert "'text': '{{ var.value.secret }}'" in seen
    assert len([task for task in tasks if task["task_id"] == "each" and task["state"] == "success"]) == EVENTS
    assert [letter["Body"] for letter in cloud.dead_letters()] == ["rubbish"]

    for run in runs:
        api.clear("orders", run["dag_run_id"], "take")
    runs = wait_until(runs_at_the_end, 60, "the end of every run once more", every=1)

    assert {run["state"] for run in runs} == {"success"}
    assert _numbers(api, runs) == list(range(EVENTS))


def _numbers(api: AirflowApi, runs: list[Json]) -> list[int]:
    """Return the numbers of the events that `take` returned, whose other keys must be as they were sent."""
    taken = [json.loads(text) for run in runs for text in api.xcom("orders", run["dag_run_id"], "take")]
    details = [event["detail"] for event in taken]
    numbers = sorted(detail.pop("number") for detail in details)
    assert details == [HOSTILE] * len(numbers)
    return numbers


def _source(cloud: Cloud) -> str:
    """Return the page's DAG, with our queues."""
    page = (PROJECT / "docs" / "direct.md").read_text()
    (source,) = re.findall(r"^```python\n([^`]*^with DAG\(.*?)^```", page, re.MULTILINE | re.DOTALL)
    source = re.sub(r'queue_url="https://[^"]*/orders"', f'queue_url="{cloud.queue_url}"', source)
    source = re.sub(r'"https://[^"]*/orders-dead"', f'"{cloud.dead_letter_queue_url}"', source)
    return source + MAPPED
