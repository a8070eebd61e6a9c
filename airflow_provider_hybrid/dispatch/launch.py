"""From a group of deliveries to DAG runs and settled messages, within one task."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from functools import cached_property
from typing import Any

from airflow.configuration import conf

from airflow_provider_hybrid.compat.task import (
    failure_without_retry,
    has_pages,
    start_dag_run,
    with_openlineage_parent,
)
from airflow_provider_hybrid.dispatch.arrivals import tell_of_arrivals
from airflow_provider_hybrid.dispatch.note import default_note
from airflow_provider_hybrid.dispatch.order import launch_in_order
from airflow_provider_hybrid.dispatch.record import line_of, write_down
from airflow_provider_hybrid.dispatch.settle import Settlement
from airflow_provider_hybrid.dispatch.tally import tally
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import LaunchError, QueueError
from airflow_provider_hybrid.metrics.meter import Meter
from airflow_provider_hybrid.record.line import Line
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.sqs.calls import Failures
from airflow_provider_hybrid.sqs.client import open_patient_client
from airflow_provider_hybrid.sqs.lease import Lease
from airflow_provider_hybrid.sqs.queue import Queue

log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(tz=timezone.utc)


@dataclass
class Launcher:
    """Starts every run of a group, then settles the messages; one group after the other.

    A run that exists already counts as started. A message is deleted after its last run exists. A message
    that can never work goes to the dead-letter queue. A message whose runs cannot be started now stays in the
    queue and comes back, after a longer pause each time. No message holds up another one, except those behind
    it in its message group of a FIFO queue.

    While it works, it keeps the messages invisible. If its process dies, they come back after one visibility
    timeout. If it is stopped, it gives them back at once.

    Args:
        queue: The queue that the messages came from.
        dead_letter_queue_url: The queue for messages that can never work; None for the one in the queue's
            redrive policy.
        visibility_timeout: Seconds until the messages come back if this process dies.
        openlineage_inject_parent_info: Whether to add OpenLineage's parent information to each run's conf,
            where OpenLineage runs, as `TriggerDagRunOperator` does.
    """

    queue: Queue
    dead_letter_queue_url: str | None
    visibility_timeout: int
    openlineage_inject_parent_info: bool = True
    launched: list[Launch] = field(default_factory=list, init=False)
    began: datetime = field(default_factory=_now, init=False)
    ended: datetime = field(default_factory=_now, init=False)
    _stopped: bool = field(default=False, init=False)

    def launch(self, deliveries: Sequence[Delivery], context: Any) -> None:
        """Start every run, settle every message, then tell what failed.

        Args:
            deliveries: The group, in the order in which the messages came.
            context: The task's context. A dead letter names its run. Its task is OpenLineage's parent, and
                keeps the record.

        Raises:
            AirflowFailException: If a message must stay in the queue; names every such message.
            QueueError: If SQS refuses to delete. Airflow may try again.
            LaunchError: If it was stopped.
        """
        began = time.monotonic()
        messages = [delivery.message for delivery in deliveries]
        run_id, ti = context["run_id"], context["ti"]
        settlement = Settlement(lambda: self._client, self.queue, self.dead_letter_queue_url, run_id)
        headlines = {headline.id: headline for delivery in deliveries for headline in delivery.events}
        stay = dict.fromkeys(messages, "the task failed")
        waiting: Failures = {}
        done: Sequence[Delivery] = ()
        answers: dict[Launch, bool] = {}
        base_url = conf.get("api", "base_url", fallback="/") if has_pages() else None
        try:
            with Lease(lambda: self._client, self.queue.url, messages, self.visibility_timeout) as lease:

                def start(launch: Launch) -> str:
                    lease.keep()
                    headline = headlines.get(launch.event_id or "")
                    note = launch.note or default_note(launch, headline, run_id, base_url)
                    return self._start(launch, note, answers, ti)

                outcome = launch_in_order(
                    deliveries,
                    start,
                    ordered=self.queue.is_fifo,
                    is_last_chance=settlement.is_last_chance,
                )
                # Before a message is deleted: should this process die, its next delivery tells of it.
                tell_of_arrivals(answers)
                stay, done = outcome.refused | settlement.settle(outcome.done), outcome.done
                waiting = outcome.waiting
        except (QueueError, LaunchError) as error:
            stay = dict.fromkeys(messages, str(error))
            raise
        finally:
            if answers:
                log.info("DAG runs: %s", tally(answers))
            left = [delivery for delivery in deliveries if delivery.message in stay or delivery.leave]
            pauses = settlement.give_back(left, at_once=self._stopped)
            held = [delivery for delivery in deliveries if delivery.message in waiting]
            pauses |= settlement.let_wait(held, at_once=self._stopped)
            write_down(_lines(deliveries, done, stay | waiting, pauses, answers), ti)
            Meter(ti.dag_id, "task").launched(time.monotonic() - began)
        if stay:
            # A retry would do nothing: SQS delivers the messages again.
            raise failure_without_retry(_summary(stay, len(deliveries)))

    def stop(self) -> None:
        """Start no more runs, and give the messages back at once."""
        self._stopped = True

    def _start(self, launch: Launch, note: str, answers: dict[Launch, bool], ti: Any) -> str:
        """Start a run; return why it did not start, or nothing."""
        if self._stopped:
            raise LaunchError("The task was stopped. Its messages come back; runs that exist stay.")
        try:
            parent = ti if self.openlineage_inject_parent_info else None
            started = start_dag_run(replace(with_openlineage_parent(launch, parent), note=note))
        except LaunchError as error:
            return f"DAG {launch.trigger_dag_id!r} does not start. {error}"
        state = "started" if started else "existed already"
        log.debug("Run %s of DAG %s: %s", launch.trigger_run_id, launch.trigger_dag_id, state)
        answers[launch] = started
        self.launched.append(launch)
        self.ended = _now()
        return ""

    @cached_property
    def _client(self) -> Any:
        return open_patient_client(self.queue)


def _lines(
    deliveries: Sequence[Delivery],
    done: Sequence[Delivery],
    stay: Failures,
    pauses: Mapping[Message, int],
    answers: Mapping[Launch, bool],
) -> list[Line]:
    """Return the lines of the record: one for each message."""
    settled = {delivery.message: delivery for delivery in done}
    now = time.time()
    return [
        line_of(
            settled.get(delivery.message, delivery),
            answers,
            waits_for=stay.get(delivery.message),
            returns_at=now + pauses[delivery.message] if delivery.message in pauses else None,
        )
        for delivery in deliveries
    ]


def _summary(faults: Failures, total: int) -> str:
    """Name every message, grouped by reason."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for message, reason in faults.items():
        by_reason[reason].append(message.message_id)
    return "\n".join(
        [
            f"{len(faults)} of {total} message(s) must stay in the queue and will come back:",
            *(f"- {reason} (message {', '.join(ids)})" for reason, ids in by_reason.items()),
        ]
    )
