"""A DAG whose runs do not get on holds up nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING, Any

import pytest

from tests.demo.cloud import Cloud
from tests.harness.versions import CREATED_AT
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route, run_of
from tests.system.faults.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack
    from tests.system.database import Database

STARTED = f"SELECT run_id, COALESCE({CREATED_AT}, queued_at) FROM dag_run WHERE dag_id = ANY(%(dags)s)"  # noqa: S608 - ours
DONE = "SELECT count(*) FROM dag_run WHERE dag_id = %(dag)s AND state = 'success'"


@dataclass(frozen=True)
class Crowd:
    """A DAG with more events than room, and the others beside it.

    Args:
        dispatcher: The dispatcher, and its Variable and queue.
        dag_id: The crowded DAG.
        events: How many events it gets at once.
        limit: How many queued runs each DAG may have.
        kind: What the names of the other DAGs begin with.
        others: How many other DAGs there are.
        span: Seconds for which the others get an event a second.
        seconds: Seconds in which all its events must have run in the end.
        longer: Seconds that the slowest twentieth of the others may take longer beside it; few events tell
            little of that.
    """

    dispatcher: str
    dag_id: str
    events: int
    limit: int
    kind: str
    others: int
    span: int
    seconds: int
    longer: float = 2.0


PAUSED = Crowd("neighbours", "crowded", 60, 10, "other", 3, 15, 300, longer=20.0)
PAUSED_LONG = Crowd("neighbours_long", "crowded_long", 5000, 1000, "other_long", 20, 90, 1800)
NARROW_LONG = Crowd("neighbours_narrow_long", "narrow_long", 300, 100, "other_long", 20, 90, 1200)


@pytest.mark.long
@pytest.mark.parametrize(
    ("crowd", "is_paused"),
    [
        (PAUSED, True),
        (PAUSED_LONG, True),
        (NARROW_LONG, False),
    ],
    ids=["paused", "paused, with thousands of events", "one run at a time"],
)
def test_a_crowded_dag_holds_up_no_other_and_loses_nothing(
    airflow: Airflow,
    api: AirflowApi,
    ministack: MiniStack,
    database: Database,
    record_property: Callable[[str, object], None],
    capsys: pytest.CaptureFixture[str],
    crowd: Crowd,
    is_paused: bool,
) -> None:
    """Once it is full, the others go on as without it; in the end all its events have run."""
    others = [f"{crowd.kind}_{number}" for number in range(crowd.others)]
    cloud = Cloud(ministack, crowd.dispatcher)
    routes = [route(dag_id, partner=[dag_id]) for dag_id in (crowd.dag_id, *others)]
    api.set_variable(crowd.dispatcher, configuration(cloud, *routes, max_queued_runs=crowd.limit))
    for dag_id in others if is_paused else (*others, crowd.dag_id):
        api.unpause(dag_id)
    api.unpause(crowd.dispatcher)

    def started(dag_ids: list[str]) -> dict[str, Any]:
        airflow.check()
        return dict(database.rows(STARTED, dags=dag_ids))

    def p95(name: str) -> float:
        """Let the others get their events, and return how long the slowest twentieth takes."""
        with Stream(cloud, f"{crowd.dispatcher}-{name}", partners=others) as stream:
            wait_until(lambda: len(stream.sent) >= crowd.span, 2 * crowd.span + 60, "the events", every=1)
        runs = {
            event: run_of(others[number % len(others)], event) for number, event in enumerate(stream.sent)
        }
        wait_until(
            lambda: started(others).keys() >= set(runs.values()), 60, "the runs of the others", every=1
        )
        created = started(others)
        delays = [(created[run] - stream.sent[event]).total_seconds() for event, run in runs.items()]
        return quantiles(delays, n=20, method="inclusive")[-1]

    with Stream(cloud, f"{crowd.dispatcher}-first", partners=others) as first:
        wait_until(lambda: started(others), 120, "a dispatcher that works", every=1)
    assert first.sent
    alone = p95("alone")
    events = [f"{crowd.dispatcher}-crowd-{number}" for number in range(crowd.events)]
    cloud.send_many([eventbridge(event, {"partner": crowd.dag_id, "number": 1}) for event in events])
    meanwhile = p95("meanwhile")
    wait_until(
        lambda: len(started([crowd.dag_id])) >= crowd.limit and not cloud.visible(),
        300,
        "a full DAG, all of whose further events wait",
        every=1,
    )
    beside = p95("beside")
    record_property("p95", {"alone": alone, "meanwhile": meanwhile, "beside": beside})
    with capsys.disabled():
        print(  # noqa: T201 - what a run of minutes has measured
            f"\np95 of the others: {alone:.2f} s alone, {meanwhile:.2f} s while {crowd.events} events come "
            f"for {crowd.dag_id}, {beside:.2f} s beside it"
        )
    assert len(started([crowd.dag_id])) >= crowd.limit
    if is_paused:
        assert len(started([crowd.dag_id])) < crowd.events, "some of them wait"
        api.unpause(crowd.dag_id)

    wait_until(
        lambda: database.rows(DONE, dag=crowd.dag_id) == [(crowd.events,)],
        crowd.seconds,
        f"{crowd.events} runs of {crowd.dag_id}",
        every=2,
    )
    assert started([crowd.dag_id]).keys() == {run_of(crowd.dag_id, event) for event in events}
    wait_until(lambda: not cloud.backlog(), 30, "an empty queue")
    assert cloud.dead_letters() == []
    api.pause(crowd.dispatcher)
    assert beside - alone < crowd.longer
