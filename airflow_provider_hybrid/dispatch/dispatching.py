"""A task's work on a batch of messages: to count the room, to plan, and to launch or hand on the groups."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.dispatch.launch import Launcher
from airflow_provider_hybrid.dispatch.paces import load_pacer, save_pacer
from airflow_provider_hybrid.dispatch.plan import Plan, Planner
from airflow_provider_hybrid.dispatch.queued import GOOD_FOR, QueuedRuns
from airflow_provider_hybrid.dispatch.record import line_of, write_down
from airflow_provider_hybrid.dispatch.settle import Settlement
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.metrics.meter import Meter
from airflow_provider_hybrid.routing.delivery import Delivery, dump_deliveries
from airflow_provider_hybrid.routing.group import dag_ids
from airflow_provider_hybrid.routing.moment import iso
from airflow_provider_hybrid.routing.room import Room
from airflow_provider_hybrid.sqs.client import open_client, open_patient_client
from airflow_provider_hybrid.sqs.lease import extend
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.url import queue_name

PATIENCE = 5
"""Visibility timeouts for which a batch may wait for its launches after its first task had to wait."""

TASKS_WORK = (5.0, 20.0)
"""Seconds that messages wait at least and at most while other tasks start many runs.

A task starts 250 runs within 5 to 20 s. The messages come back one by one, and not as a burst again.
"""

log = logging.getLogger(__name__)


class Dispatching:
    """Plans batches by one reading of the configuration, and does what a plan asks for.

    Args:
        config: The dispatcher's configuration, as read just now.
        queue: The queue that the messages came from, if it is no longer the configuration's.
    """

    def __init__(self, config: DispatcherConfig, queue: Queue | None = None) -> None:
        self._config = config
        self._queue = queue or config.queue
        self._planner = Planner(config, ordered=self._queue.is_fifo)
        self._queued = QueuedRuns()
        self._since = time.monotonic()
        client = cache(lambda: open_patient_client(self._queue))
        self._settlement = Settlement(client, self._queue, config.dead_letter_queue_url, "")

    def next_batch(self) -> None:
        """Begin with another batch of the same queue: count the queued runs of its DAGs anew."""
        self._planner = Planner(self._config, ordered=self._queue.is_fifo)
        self._since = time.monotonic()

    def room(self, dag_ids: Iterable[str] = ()) -> Room | None:
        """Count the queued runs of the DAGs that the routes name, and of those of a batch.

        Args:
            dag_ids: The DAGs of the batch. Only these are counted for each batch.

        Returns:
            The room for further runs; None if there is no limit.

        Raises:
            LaunchError: If Airflow does not answer.
        """
        if not self._config.has_limits:
            return None
        self._queued.count(self._config.dag_ids, since=self._since - GOOD_FOR)
        return self._config.room(self._queued.count(dag_ids, since=self._since))

    def runs_of(self, message: Message) -> int:
        """Return how many runs a message asks for."""
        return self._planner.runs_of(message)

    def plan(self, messages: Sequence[Message], ti: Any) -> Plan:
        """Plan a batch.

        Args:
            messages: As received, in their order.
            ti: The task instance, which sends the figures.

        Raises:
            LaunchError: If Airflow does not answer.
        """
        if not messages:
            return Plan()
        Meter(ti.dag_id, "task").planned(len(messages))
        room = self.room(self._planner.dag_ids(messages))
        now, rates = time.time(), self._config.rates
        pacer = load_pacer(queue_name(self._queue.url), rates, now) if rates else None
        plan = self._planner.plan(messages, room, now, self._settlement.may_wait, pacer)
        if pacer:
            save_pacer(queue_name(self._queue.url), pacer)
        if room and plan.full:
            log.info("Some of %d message(s) wait: %s", len(messages), room.why_full(plan.full))
        if plan.surplus:
            log.info("No room for %d of %d message(s). %s", len(plan.surplus), len(messages), room)
        self._queued.add({launch for delivery in plan.deliveries for launch in delivery.launches})
        if plan.groups:
            log.info(
                "%d message(s) ask for %d DAG run(s), in %d group(s)",
                len(plan.deliveries),
                plan.runs,
                len(plan.groups),
            )
        return plan

    def spread(self, plan: Plan) -> Plan:
        """Let what a plan would hand on wait for some seconds, as other tasks start many runs already.

        A burst that is as large as the one before costs the other DAGs no wait then: the task that has the
        plan goes on to listen. Messages that may not wait are handed on, and so are those of a FIFO queue,
        which keep their order.

        Args:
            plan: The plan.

        Returns:
            The plan without them.
        """
        if self._queue.is_fifo:
            return plan
        spread = plan.put_off(self._wait_for_tasks)
        log.info("Other tasks start many runs: %d message(s) wait", len(spread.waiting) - len(plan.waiting))
        return spread

    def _wait_for_tasks(self, delivery: Delivery) -> Delivery | None:
        if delivery.returns_at is not None or not self._settlement.may_wait(delivery.message):
            return None
        pause = random.uniform(*TASKS_WORK)  # noqa: S311 - not a secret
        return delivery.put_off_until(time.time() + pause, "the dispatcher starts many other runs")

    def give_back(self, plan: Plan, ti: Any) -> None:
        """Give back to the queue the messages that wait.

        Those for which all DAGs together leave no room come back at once: nothing is received until there is
        room again.

        Args:
            plan: The plan, whose groups are launched already: they are not to wait for this.
            ti: The task instance, which keeps the record.
        """
        if not (plan.waiting or plan.surplus):
            return
        pauses = self._settlement.let_wait(plan.waiting)
        pauses |= self._settlement.give_back(plan.surplus, at_once=True)
        now = time.time()
        first = iso(now + min(pauses.values()))
        log.info("%d message(s) wait in the queue; the first comes back at %s", len(pauses), first)
        write_down(
            [
                line_of(delivery, {}, waits_for=delivery.waits_for, returns_at=now + pauses[delivery.message])
                for delivery in (*plan.waiting, *plan.surplus)
            ],
            ti,
        )

    def gathering(self, messages: Iterable[Message]) -> float:
        """Return for how many seconds further messages of windows that closed just now may still come."""
        now = time.time()
        return max(0, (self._planner.gathered_at(messages, now) or now) - now)

    def launch_arguments(self, group: list[Delivery]) -> dict[str, Any]:
        """Return the arguments with which `LaunchDagRunsOperator` launches a group."""
        return {
            "trigger_dag_id": ", ".join(dag_ids(group)),
            "deliveries": dump_deliveries(group),
            "queue_url": self._queue.url,
            "aws_conn_id": self._queue.aws_conn_id,
            "region_name": self._queue.region_name,
            "dead_letter_queue_url": self._config.dead_letter_queue_url,
            "visibility_timeout": self._config.visibility_timeout,
        }

    def launcher(self) -> Launcher:
        """Make the launcher with which this task launches groups itself."""
        return Launcher(self._queue, self._config.dead_letter_queue_url, self._config.visibility_timeout)

    def keep(self, messages: Sequence[Message], received_at: float) -> None:
        """Keep messages invisible for longer if this task had to wait: those that launch them will, too.

        Args:
            messages: As received.
            received_at: The time at which they were received, in seconds since 1970.
        """
        if time.time() - received_at > self._config.visibility_timeout / 2:
            seconds = PATIENCE * self._config.visibility_timeout
            self._extend(messages, seconds)
            log.info("Airflow is busy: %d message(s) are kept for %d s", len(messages), seconds)

    def _extend(self, messages: Sequence[Message], seconds: int) -> None:
        extend(open_client(self._queue), self._queue.url, messages, seconds)
