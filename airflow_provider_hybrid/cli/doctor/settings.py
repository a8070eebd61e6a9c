"""The time for which Airflow takes a dead worker for alive."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_hybrid.cli.doctor.finding import Finding

RECOMMENDED = 60
"""Seconds: long enough for a worker that is merely busy, as tasks send a heartbeat every five."""

_DEFAULT = 300


def check_heartbeat_timeout() -> Iterator[Finding]:
    """Check how long a dispatcher stops if both of its runs lose their workers.

    https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html#task-instance-heartbeat-timeout
    """
    # Imported here: `hybrid --help` need not wait for Airflow.
    from airflow.configuration import conf

    seconds = conf.getint("scheduler", "task_instance_heartbeat_timeout", fallback=_DEFAULT)
    check, found = "heartbeat timeout", f"a dead worker is noticed after {seconds} s"
    if seconds <= RECOMMENDED:
        yield Finding(check, "fine", found)
    else:
        mend = f"Set [scheduler] task_instance_heartbeat_timeout = {RECOMMENDED}"
        yield Finding(check, "warning", f"{found}, and two of them stop the dispatcher for as long", mend)
