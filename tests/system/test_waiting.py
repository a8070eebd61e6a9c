"""What waits, waits in SQS."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from tests.demo.cloud import Cloud
from tests.harness.versions import CREATED_AT
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route
from tests.system.windows import outcome_of, send_files, windowed_route

if TYPE_CHECKING:
    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack
    from tests.system.database import Database

FILES, FOLDERS, SECONDS = 300, 5, 20
WINDOW, MAX_EVENTS = 15, 40
STARTS_WITHIN = 10
"""Seconds from the end of a window to its run."""

LATE = 3
"""Runs beyond the fewest that a busy machine may make."""

PACE_STEP = 5
"""Seconds for which a pace may start its runs together."""

STARTED = (
    f"SELECT run_id, COALESCE({CREATED_AT}, queued_at) FROM dag_run WHERE run_id LIKE %(route)s || '__%%'"  # noqa: S608 - ours
)
_LINES = """
    SELECT line ->> 'outcome', COALESCE((line ->> 'receive_count')::int, 1)
    FROM xcom, jsonb_array_elements(value) line WHERE dag_id = 'windows' AND key LIKE 'hybrid_record_%%'
"""


def test_300_files_become_a_run_for_each_folder_and_window(
    airflow: Airflow, api: AirflowApi, ministack: MiniStack, database: Database
) -> None:
    """A further event waits for its delay beside them, and four more for the pace of their route."""
    cloud = Cloud(ministack, "windows")
    late = {**route("windowed_late", audit=[True]), "trigger_dag_id": "recorder", "delay_seconds": 30}
    paced = {**route("windowed_paced", paced=[True]), "trigger_dag_id": "recorder", "max_runs_per_minute": 6}
    files = windowed_route("windowed", WINDOW, MAX_EVENTS)
    api.set_variable("windows", configuration(cloud, files, late, paced, visibility_timeout=60))
    for dag_id in ("windowed", "recorder", "windows"):
        api.unpause(dag_id)
    cloud.send(eventbridge("audit-1", {"audit": True, "number": 1}))
    wait_until(lambda: not cloud.visible(), 120, "a dispatcher that listens", every=0.2)
    cloud.send_many([eventbridge(f"paced-{number}", {"paced": True, "number": 1}) for number in range(4)])

    send_files(cloud, FILES, FOLDERS, SECONDS)

    def all_settled() -> bool:
        airflow.check()
        return cloud.backlog() == 0

    wait_until(all_settled, 120, "an empty queue", every=1)
    outcome = outcome_of(database, "windowed", MAX_EVENTS)
    assert outcome.times == dict.fromkeys(range(FILES), 1)
    assert outcome.fewest <= outcome.runs <= outcome.fewest + LATE
    assert min(outcome.delays.values()) > 0
    assert median(outcome.delays.values()) < STARTS_WITHIN
    lines = database.rows(_LINES)
    assert sum(line == "waiting" for line, _ in lines) > FILES / 2
    assert max(receives for _, receives in lines) == 2
    assert any(run["dag_run_id"].startswith("windowed_late__") for run in api.runs("recorder"))
    began = sorted(at for _, at in database.rows(STARTED, route="windowed_paced"))
    assert len(began) == 4
    assert (began[-1] - began[0]).total_seconds() > 3 * 10 - PACE_STEP
    assert cloud.dead_letters() == []
