"""Many files become few runs: the sensor before a real SQS over HTTP, with an Airflow in memory behind it.

`WINDOWED_FILES=10000` before the command sends so many files, for 50 folders within two minutes.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter, defaultdict
from contextlib import suppress
from math import ceil
from typing import Any

import pytest
from airflow.sdk.execution_time.comms import TriggerDagRun

from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
from airflow_provider_hybrid.triggers.timing import Timing
from tests.demo.cloud import Cloud
from tests.harness.dispatching import CONTEXT, configure
from tests.harness.ministack import MiniStack
from tests.harness.supervising import supervise
from tests.harness.supervisor import Supervisor
from tests.harness.versions import TaskDeferred
from tests.system.windows import are_in_order, send_files

LARGE = int(os.environ.get("WINDOWED_FILES", "0"))
FILES, FOLDERS, SECONDS, WINDOW = (LARGE, 50, 120, 60) if LARGE else (400, 8, 10, 10)
MAX_EVENTS = 500 if LARGE else 40
ROUTE = {
    "name": "files",
    "event_pattern": {"detail": {"folder": [{"exists": True}]}},
    "trigger_dag_id": "files",
    "conf": {"number": "{{ event.detail.number }}"},
    "batch": {"max_events": MAX_EVENTS, "window_seconds": WINDOW, "key": "{{ event.detail.folder }}"},
}


class Clock(Supervisor):
    """Notes when each run is started."""

    def send(self, msg: Any) -> Any:
        """Answer as a supervisor does."""
        if isinstance(msg, TriggerDagRun) and (msg.dag_id, msg.run_id) not in self.runs:
            self.started_at[msg.run_id] = time.time()
        return super().send(msg)

    started_at: dict[str, float] = {}  # noqa: RUF012 - one test has one


@pytest.mark.timeout(600)
def test_the_files_of_a_window_and_folder_become_a_run(
    ministack: MiniStack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", ministack.airflow_connection())
    cloud = Cloud(ministack, "windowed")
    configure(monkeypatch, cloud.queue_url, routes=[ROUTE])
    supervisor = supervise(monkeypatch, Clock({"files"}))
    sender = threading.Thread(target=send_files, args=(cloud, FILES, FOLDERS, SECONDS))
    sender.start()

    while sender.is_alive() or cloud.backlog():
        task = SqsEventSensor(task_id="listen", launch_at_once=True)
        task.timing = Timing(next_message=1)
        with suppress(TaskDeferred):
            task.execute(CONTEXT)

    files: dict[tuple[str, str], list[int]] = defaultdict(list)
    for run in supervisor.runs.values():
        assert run.conf
        numbers = [event["number"] for event in run.conf["events"]]
        assert are_in_order(numbers)
        files[run.conf["window"]["key"], run.conf["window"]["to"]] += numbers
    assert Counter(number for numbers in files.values() for number in numbers) == Counter(range(FILES))
    fewest = sum(ceil(len(numbers) / MAX_EVENTS) for numbers in files.values())
    receives = Counter(
        line.get("receive_count", 1)
        for xcom in supervisor.xcoms
        if xcom.key.startswith("hybrid_record_started")
        for line in xcom.value
    )
    with capsys.disabled():
        print(  # noqa: T201 - the measurement
            f"\n{FILES} files, {len(supervisor.runs)} runs (fewest {fewest}), receives {dict(receives)}"
        )
    assert len(supervisor.runs) <= fewest * 1.1
    assert max(receives) == 2
    assert json.dumps(cloud.dead_letters()) == "[]"
