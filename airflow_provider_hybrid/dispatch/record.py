"""The record of a batch: what became of each message, written down, counted, and told in the log."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from airflow_provider_hybrid.compat.task import push_to_database
from airflow_provider_hybrid.events.event import quoted
from airflow_provider_hybrid.exceptions import HybridError, LaunchError
from airflow_provider_hybrid.metrics.meter import Meter
from airflow_provider_hybrid.record.line import LONGEST_REASON, Line, Outcome, RunLine, by_key, error_key_at
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.troubleshooting import logger

MOST_TOLD = 10
"""The most messages of a batch that the log tells of one by one."""

NO_EVENT = "it holds no event: S3 sends such a message when somebody sets notifications up"

log = logger(__name__)


def line_of(
    delivery: Delivery,
    answers: Mapping[Launch, bool],
    *,
    waits_for: str | None = None,
    returns_at: float | None = None,
) -> Line:
    """Return the line of a message.

    Args:
        delivery: The message, with the rejection with which it was settled.
        answers: For each launch that Airflow took, whether its run was started now; else it existed.
        waits_for: Why the message is not settled; None if it is.
        returns_at: When it comes back, in seconds since 1970; None if it is gone from the queue.
    """
    message, rejection = delivery.message, delivery.rejection
    outcome, reason = _outcome(delivery, answers) if waits_for is None else ("waiting", waits_for)
    return Line(
        message_id=message.message_id,
        outcome=outcome,
        settled_at=time.time(),
        sent_at=message.sent_at,
        received_at=message.received_at,
        receive_count=message.receive_count,
        reason=reason[:LONGEST_REASON],
        returns_at=returns_at,
        dead_lettered=bool(rejection) and returns_at is None,
        error_type=rejection.error_type if rejection else "",
        events=delivery.events,
        runs=tuple(_run_line(launch, answers) for launch in (*delivery.launches, *delivery.later)),
        misses=delivery.misses,
    )


def write_down(lines: Sequence[Line], ti: Any) -> None:
    """Write lines into Airflow's database, as XComs of a task, and count them for monitoring.

    Airflow deletes them with the task's run (``airflow db clean``). If it does not take them, the log says
    so: a line of the record is worth less than an event.

    Args:
        lines: The lines.
        ti: The task instance.
    """
    _tell(lines)
    Meter(ti.dag_id, "task").settled(lines)
    try:
        for key, value in by_key(lines, time.time()).items():
            push_to_database(ti, key, value)
    except LaunchError as error:
        log.warning("The record lacks %d line(s). %s", len(lines), error)


@contextmanager
def errors_written_down(ti: Any) -> Iterator[None]:
    """Write down the error because of which a task fails, and let it fail.

    Args:
        ti: The task instance.
    """
    try:
        yield
    except HybridError as error:
        with suppress(LaunchError):
            push_to_database(ti, error_key_at(time.time()), str(error)[:LONGEST_REASON])
        raise


def _outcome(delivery: Delivery, answers: Mapping[Launch, bool]) -> tuple[Outcome, str]:
    if rejection := delivery.rejection:
        return "unmatched" if rejection.error_type == "Unmatched" else "rejected", rejection.error_message
    if delivery.launches:
        return "started" if any(answers.get(launch) for launch in delivery.launches) else "existed", ""
    return "unmatched", "no route wants it" if delivery.events else NO_EVENT


def _run_line(launch: Launch, answers: Mapping[Launch, bool]) -> RunLine:
    answer = answers.get(launch)
    return RunLine(
        route=launch.route,
        dag_id=launch.trigger_dag_id,
        run_id=launch.trigger_run_id,
        event_id=launch.event_id,
        outcome=None if answer is None else "started" if answer else "existed",
    )


def _tell(lines: Iterable[Line]) -> None:
    """Log the messages that started nothing, as no run speaks of them."""
    mute = [line for line in lines if line.outcome in {"unmatched", "rejected"}]
    for line in mute[:MOST_TOLD]:
        names = ", ".join(quoted(event.subject or event.id) for event in line.events)
        log.warning(
            "Message %s (%s): %s. %s", line.message_id, names or "unknown", line.reason, _end_of(line)
        )
    if len(mute) > MOST_TOLD:
        log.warning("%d further message(s) are unmatched or rejected", len(mute) - MOST_TOLD)


def _end_of(line: Line) -> str:
    if line.dead_lettered:
        return "It is in the dead-letter queue: `hybrid dead-letters list` shows it"
    return "It stays in the queue" if line.returns_at else "It was deleted"
