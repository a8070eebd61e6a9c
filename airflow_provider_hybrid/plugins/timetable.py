"""The schedule of a dispatcher: two runs side by side, all the time."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin
from airflow.timetables.simple import ContinuousTimetable


class TwoRunsTimetable(ContinuousTimetable):
    """Airflow's ``@continuous``, with two active runs instead of one.

    Airflow takes a task whose worker died for alive until ``task_instance_heartbeat_timeout`` (300 seconds by
    default) has passed. With one run nobody would listen meanwhile.

    Scheduler, DAG processor, API server and triggerer know it by `TimetablePlugin`.
    """

    description = "As frequently as possible, two runs at a time"
    active_runs_limit = 2


class TimetablePlugin(AirflowPlugin):
    """Registers the timetable: Airflow refuses to store a DAG with one that no plugin names.

    https://airflow.apache.org/docs/apache-airflow/stable/howto/timetable.html
    """

    name = "hybrid_timetable"
    timetables = [TwoRunsTimetable]  # noqa: RUF012 - as the base class has it
