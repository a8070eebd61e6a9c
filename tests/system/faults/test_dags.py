"""DAGs are paused, missing, broken, renamed, or run by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
from tests.system.events import run_of
from tests.system.faults.ledger import PARTNERS, counted_route, routes_for_launch
from tests.system.faults.side_by_side import scenarios

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.system.faults.ledger import Row
    from tests.system.faults.side_by_side import Outcomes, Scenario
    from tests.system.faults.stage import Stage

EVENTS = 5

BURST = 40
"""Events that come together."""

LONE = 2.0 * SqsEventSensor.timing.next_message
"""Seconds between events that are no stream: no task stays for the next of them."""


def dispatcher_paused(stage: Stage) -> Row:
    """The dispatcher paused; it holds messages until their visibility timeout has ended."""
    stage.listen(visibility_timeout=15)
    with stage.stream() as stream:
        stage.wait_for_work(stream)
    stage.wait(lambda: not stage.cloud.backlog(), "an empty queue")
    stage.wait_for_a_poll()
    stage.api.pause(stage.name)
    stream.send_many(EVENTS)
    stage.wait(lambda: _waits_in_vain(stage), "a batch that nobody may work on")
    stage.wait(lambda: stage.cloud.visible() == EVENTS, "the end of the visibility timeout")
    stage.api.unpause(stage.name)
    return stage.settle(stream)


def partner_paused(stage: Stage) -> Row:
    """A partner DAG paused; its runs wait as queued."""
    partner = _partner(stage)
    stage.api.pause(partner)
    stage.listen(counted_route(partner))
    stream = stage.stream()
    stream.send_many(EVENTS)
    row = stage.settle(stream, [partner])
    assert _states(stage, partner) == {"queued"}
    stage.api.unpause(partner)
    stage.wait(lambda: _states(stage, partner) == {"success"}, "all runs that waited")
    return row


def partner_missing(stage: Stage) -> Row:
    """A partner DAG missing, then deployed; a second one is there, and gets its events at once."""
    partner, other = f"{stage.name}_partner", PARTNERS[0]
    stage.listen(counted_route(partner), counted_route(other))
    stream = stage.stream()
    stream.send_many(EVENTS)
    stage.wait_for_failure()
    assert all(stage.ledger([other]).runs(stream).values()), "the missing DAG harms no other"
    assert stage.cloud.backlog() == EVENTS
    assert f"DAG '{partner}' does not start" in _log_of_launch(stage)
    stage.dags.deploy(partner)
    return stage.settle(stream, [partner, other])


def route_broken(stage: Stage) -> Row:
    """A route broken, then mended; the others go on, and the fault is told once a minute."""
    other, mended = counted_route(PARTNERS[0]), counted_route(PARTNERS[1])
    stage.listen(other, {**mended, "confs": {}})
    stream = stage.stream()
    stream.send_many(EVENTS)
    stage.wait(lambda: all(stage.ledger([PARTNERS[0]]).runs(stream).values()), "the runs of the other route")
    assert stage.cloud.backlog() == EVENTS, "they stay for the broken route"
    assert "routes[1].confs: unknown key, did you mean 'conf'?" in _log_of_launch(stage)
    assert stage.failures() <= 2
    stage.route(other, mended)
    return stage.settle(stream)


def partner_with_an_import_error(stage: Stage) -> Row:
    """A partner DAG with an import error, then mended."""
    partner = _partner(stage)
    stage.dags.spoil(partner)
    return _refused(stage, partner, mend=lambda: stage.dags.deploy(partner))


def partner_that_refuses_the_conf(stage: Stage) -> Row:
    """A partner DAG with a Param that refuses the conf, then mended."""
    partner = _partner(stage, '{"event_id": Param("x", type="string", maxLength=1)}')
    return _refused(stage, partner, mend=lambda: stage.dags.deploy(partner))


def partner_renamed(stage: Stage) -> Row:
    """A partner DAG renamed, then the route changed."""
    old, new = _partner(stage), f"{stage.name}_new_partner"
    stage.dags.withdraw(old)
    stage.dags.deploy(new)
    mend = {**counted_route(old), "trigger_dag_id": new}
    return _refused(stage, old, mend=lambda: stage.route(mend), then=new)


def run_started_by_hand(stage: Stage) -> Row:
    """The run of an event exists already, started by hand."""
    stream = stage.stream()
    for partner in PARTNERS:
        first = f"{stream.name}-0"
        stage.api.trigger(partner, run_of(partner, first), {"event_id": first})
    stage.listen()
    stream.send_many(EVENTS)
    return stage.settle(stream)


def launch_cleared(stage: Stage) -> Row:
    """The task launch cleared by hand, after it has succeeded."""
    return _clear(stage, "launch", *routes_for_launch(), events=BURST)


def both_tasks_cleared(stage: Stage) -> Row:
    """Both tasks of the dispatcher cleared by hand, after they have succeeded."""
    return _clear(stage, "listen")


@scenarios(
    partner_missing,
    long=(
        dispatcher_paused,
        partner_paused,
        route_broken,
        partner_with_an_import_error,
        partner_that_refuses_the_conf,
        partner_renamed,
        run_started_by_hand,
        launch_cleared,
        both_tasks_cleared,
    ),
)
def test_nothing_is_lost_and_nothing_starts_twice_with(
    scenario: Scenario, outcomes: Outcomes, record: Callable[[Row], Row]
) -> None:
    row = record(outcomes[scenario].result())
    assert row.flawless, row
    assert row.unrecorded == 0, row


def _partner(stage: Stage, params: str = "{}") -> str:
    """Deploy a partner DAG of the stage's own."""
    partner = f"{stage.name}_partner"
    stage.dags.deploy(partner, params)
    return partner


def _refused(stage: Stage, partner: str, mend: Callable[[], None], then: str | None = None) -> Row:
    """Send events that a partner refuses, then mend it; ``then`` is what gets them in the end."""
    stage.listen(counted_route(partner))
    stream = stage.stream()
    stream.send_many(EVENTS)
    stage.wait_for_failure()
    assert stage.cloud.backlog() == EVENTS
    mend()
    return stage.settle(stream, [then or partner])


def _clear(stage: Stage, task: str, *routes: dict[str, Any], events: int = 1) -> Row:
    """Clear a task of a finished dispatcher run, and what comes after it, as the UI does.

    Args:
        stage: Where.
        task: The task.
        routes: The dispatcher's; by default one to each partner.
        events: So many begin the stream.
    """
    stage.listen(*routes)
    stream = stage.stream(every=LONE)
    stream.send_many(events)
    with stream:
        run_id = stage.wait(lambda: _launched(stage, task), f"a finished run in which {task} has launched")
        stage.api.clear(stage.name, run_id, task)
        # Events go on: the run that listens now has to end before the other gets its turn.
        stage.wait(
            lambda: run_id in [run["dag_run_id"] for run in stage.dispatcher_runs("success")],
            "the cleared run to succeed again",
        )
    return stage.settle(stream)


def _launched(stage: Stage, task_id: str) -> str | None:
    """Find a finished dispatcher run in which a task has started runs."""
    finished = [run["dag_run_id"] for run in stage.dispatcher_runs("success")]
    for task in stage.api.tasks(stage.name, "~"):
        ended = task["dag_run_id"] in finished and task["state"] == "success"
        if task["task_id"] == task_id and ended and re.search("DAG runs: .* started", stage.api.log(task)):
            return str(task["dag_run_id"])
    return None


def _waits_in_vain(stage: Stage) -> bool:
    """Say whether Airflow has been given messages with which it may not begin."""
    return "scheduled" in stage.states("listen")


def _states(stage: Stage, dag_id: str) -> set[str]:
    return {run["state"] for run in stage.api.runs(dag_id)}


def _log_of_launch(stage: Stage) -> str:
    tasks = stage.api.tasks(stage.name, "~")
    return "\n".join(stage.api.log(task) for task in tasks if task["state"] == "failed")
