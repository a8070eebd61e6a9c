"""What happens in a dispatcher, told as figures."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from airflow_provider_hybrid.compat.metrics import Process, are_on, send
from airflow_provider_hybrid.metrics import figures
from airflow_provider_hybrid.metrics.figures import Figure
from airflow_provider_hybrid.record.line import Line
from airflow_provider_hybrid.sqs.counts import Counts


class Meter:
    """Sends the figures of a dispatcher, where Airflow's metrics are on. It raises nothing.

    The first figure of a process loads the installation's metrics, which may take long. So in an event loop
    call it in a thread.

    Args:
        dag_id: The dispatcher's DAG id; without one, as in `dag.test`, nothing is sent.
        process: Where it runs.
    """

    def __init__(self, dag_id: str | None, process: Process) -> None:
        self._dag_id = dag_id or ""
        self._process = process
        self.is_on = bool(dag_id) and are_on()

    def listened(self, at: float, received: int) -> None:
        """Tell of an answer of SQS to a receive.

        Args:
            at: When it came, in seconds since 1970.
            received: How many messages it brought.
        """
        self._send(figures.LISTENED_AT, at)
        if received:
            self._send(figures.RECEIVED, received)

    def planned(self, messages: int) -> None:
        """Tell how many messages a batch has."""
        self._send(figures.BATCH_SIZE, messages)

    def settled(self, lines: Sequence[Line]) -> None:
        """Count what became of messages, by their lines of the record."""
        if not self.is_on:
            return
        for outcome, number in Counter(line.outcome for line in lines).items():
            self._send(figures.SETTLED, number, outcome=outcome)
        routed = Counter(
            (route, line.outcome) for line in lines for route in {run.route for run in line.runs}
        )
        for (route, outcome), number in routed.items():
            self._send(figures.ROUTED, number, route=route, outcome=outcome)
        settled = {
            run.route
            for line in lines
            for run in line.runs
            if line.outcome != "waiting" or run.outcome == "started"
        }
        for route in settled:
            self._send(figures.ROUTE_SETTLED_AT, time.time(), route=route)
        for error_type, number in Counter(line.error_type for line in lines if line.dead_lettered).items():
            self._send(figures.DEAD_LETTERED, number, error_type=error_type)
        if returned := sum(line.returns_at is not None for line in lines):
            self._send(figures.RETURNED, returned)
        # A run that several messages share was started once.
        started = {
            (run.dag_id, run.run_id): run.route
            for line in lines
            for run in line.runs
            if run.outcome == "started"
        }
        for route, number in Counter(started.values()).items():
            self._send(figures.RUNS_STARTED, number, route=route)
        for line in lines:
            if line.outcome == "started" and line.sent_at is not None:
                self._send(figures.DELAY, (line.settled_at - line.sent_at) * 1000)

    def launched(self, seconds: float) -> None:
        """Tell how long the launch of a group took."""
        self._send(figures.LAUNCH_DURATION, seconds * 1000)

    def counted(self, counts: Counts) -> None:
        """Tell how many messages the queue holds."""
        self._send(figures.WAITING, counts.waiting)
        self._send(figures.IN_FLIGHT, counts.in_flight)
        self._send(figures.DELAYED, counts.delayed)

    def counted_dead_letters(self, number: int) -> None:
        """Tell how many messages the dead-letter queue holds."""
        self._send(figures.DEAD_LETTERS, number)

    def _send(self, figure: Figure, value: float, **tags: str) -> None:
        if self.is_on:
            of_dag = {"dag_id": self._dag_id, **tags}
            send(figure.kind, figure.name, value, {tag: of_dag[tag] for tag in figure.tags}, self._process)
