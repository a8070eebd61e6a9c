"""A partner DAG that is not there harms no other, and loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.demo.cloud import Cloud
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route

if TYPE_CHECKING:
    from tests.harness.api import AirflowApi, Json
    from tests.harness.ministack import MiniStack

DISPATCHER = "missing_dag"


def test_a_missing_dag_harms_no_other(api: AirflowApi, ministack: MiniStack) -> None:
    """One message wants both a DAG that is there and one that is not; another only the one that is there."""
    cloud = Cloud(ministack, DISPATCHER)
    nobody = route("nobody_deployed_it", both=[True])
    api.set_variable(DISPATCHER, configuration(cloud, route("recorder"), nobody))
    cloud.send(eventbridge("missing-dag-both", {"both": True, "number": 1}))
    cloud.send(eventbridge("missing-dag-one", {"both": False, "number": 2}))

    api.unpause("recorder")
    api.unpause(DISPATCHER)
    wait_until(lambda: failed(api), 60, "the failed launch", every=1)

    (launch,) = failed(api)
    assert launch["rendered_map_index"] == "nobody_deployed_it, recorder: 2 runs"
    log = api.log(launch)
    for words in ("1 of 1 message(s)", "DAG 'nobody_deployed_it' does not start", "not found"):
        assert words in log
    wait_until(lambda: recorded(api) == {"missing-dag-both", "missing-dag-one"}, 60, "both runs of recorder")
    assert cloud.backlog() == 1, "the message that wants the missing DAG waits in the queue"
    assert cloud.dead_letters() == []


def failed(api: AirflowApi) -> list[Json]:
    return [task for task in api.tasks(DISPATCHER, "~") if task["state"] == "failed"]


def recorded(api: AirflowApi) -> set[str]:
    ids = {run["dag_run_id"].removeprefix("recorder__") for run in api.runs("recorder")}
    return {event_id for event_id in ids if event_id.startswith("missing-dag")}
