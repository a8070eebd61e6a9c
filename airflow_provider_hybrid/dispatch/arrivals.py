"""Word of what came: the run that stands for a deadline is green once an event has come for it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from airflow_provider_hybrid.compat.runs import is_there, run_anew
from airflow_provider_hybrid.compat.task import start_dag_run
from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.routing.expectation import Deadline
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.troubleshooting import logger

log = logger(__name__)


def tell_of_arrivals(launches: Iterable[Launch]) -> None:
    """Turn the runs green that stand for the deadlines of some launches.

    Before a deadline its run does not exist yet: it is started now, and says what came. After the deadline it
    has failed, or will in a moment: a second run says what came, and the first one runs anew and finds it.

    It may be told again of the same launches: that changes nothing. If Airflow refuses, the log says so: word
    of an event is worth less than the event.

    Args:
        launches: Those whose runs exist.
    """
    came = {deadline: launch for launch in launches for deadline in launch.meets}
    for deadline, launch in came.items():
        try:
            _tell(deadline, launch)
        except LaunchError as error:
            _warn(deadline.expectation, str(error))


@lru_cache
def _warn(expectation: str, reason: str) -> None:
    """Say once in a process that an expectation has no word of its event, not with each event of a stream."""
    log.warning("Expectation %r does not know that its event came. %s", expectation, reason)


def _tell(deadline: Deadline, launch: Launch) -> None:
    what = f"run {launch.trigger_run_id} of DAG {launch.trigger_dag_id}"
    run = Launch(
        route=launch.route,
        trigger_dag_id=deadline.dag_id,
        trigger_run_id=deadline.run_id,
        conf={"expectation": deadline.expectation, "came": what},
        note=f"It came, and started {what}.",
    )
    if start_dag_run(run) or time.time() <= deadline.moment:
        return
    if not is_there(deadline.dag_id, deadline.run_id, ["success"]):
        start_dag_run(replace(run, trigger_run_id=deadline.late_run_id, note=f"It came late. {run.note}"))
        run_anew(run)
