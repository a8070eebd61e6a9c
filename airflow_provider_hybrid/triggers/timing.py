"""How long a dispatcher waits for what."""

from __future__ import annotations

from dataclasses import dataclass

from airflow.configuration import conf


@dataclass(frozen=True)
class Timing:
    """The times of a dispatcher's trigger and sensor, in seconds.

    These are no settings. Airflow makes a trigger anew from its serialized arguments, and a task from its DAG
    file, so trigger and sensor have their timing as an attribute of the class. A test gives an instance
    another one.

    Args:
        reread: After so long without a message the trigger reads the Variable anew. The last long poll may
            add 20 seconds.
        reconnect: After so long the trigger counts the queued runs and reads Airflow's connection anew.
        recount: While there is no room, the time from one count of queued runs to the next.
        handover: The time from a trigger's event until the next trigger listens. By then Airflow has
            normally stored the event. If it has not, the two runs share what comes.
        check: The time from one look at whether a worker is at work to the next.
        grace: After so long a worker at work may be a dead one. Airflow itself notices after 300 seconds by
            default: `task_instance_heartbeat_timeout`,
            https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html.
        suspicion: While a worker may be dead, the time from one look at the queue to the next.
        stream: One process goes on with messages that keep coming for so long. Then its run ends and tells of
            them.
        tell: The time from one word about broken routes to the next.
        next_message: Messages that come within so many seconds of each other are a stream. In a stream the
            sensor waits so long for the next one.
    """

    reread: float = 40.0
    reconnect: float = 300.0
    recount: float = 5.0
    handover: float = 2.0
    check: float = 1.0
    grace: float = 40.0
    suspicion: float = 10.0
    stream: float = 300.0
    tell: float = 60.0
    next_message: int = 5


def linger() -> int:
    """Return for how many seconds Airflow may not yet know that the deferring process has ended.

    A task that resumes before that is taken for one whose process died, and fails: the executor reports the
    end of the first process while the scheduler sees the task running
    (`SchedulerJobRunner.process_executor_events`). A supervisor that misses the moment of its task's exit
    notices at its next heartbeat (`ActivitySubprocess._monitor_subprocess`).
    """
    return conf.getint("workers", "min_heartbeat_interval", fallback=5)
