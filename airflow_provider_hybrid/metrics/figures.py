"""The figures that a dispatcher sends: docs/monitoring.md has the same table."""

from __future__ import annotations

from dataclasses import dataclass

from airflow_provider_hybrid.compat.metrics import Kind


@dataclass(frozen=True)
class Figure:
    """A figure.

    Args:
        name: Its name, to which Airflow adds its prefix (``airflow`` by default).
        kind: How values are put together: a counter adds them up, a gauge keeps the last one, a timer has
            their distribution.
        unit: What one of it is.
        tags: The names of its tags, in their order.
        meaning: What it says.
        sender: Who sends it: ``triggerer`` (the dispatcher's trigger), ``listen``, ``launch`` (its tasks).
    """

    name: str
    kind: Kind
    unit: str
    tags: tuple[str, ...]
    meaning: str
    sender: str


RECEIVED = Figure(
    "hybrid.messages.received",
    "counter",
    "messages",
    ("dag_id",),
    "messages that SQS handed out to the dispatcher",
    "triggerer, listen",
)
SETTLED = Figure(
    "hybrid.messages.settled",
    "counter",
    "messages",
    ("dag_id", "outcome"),
    "what became of them: one for each line of the record",
    "listen, launch",
)
ROUTED = Figure(
    "hybrid.messages.routed",
    "counter",
    "messages",
    ("dag_id", "route", "outcome"),
    "the same, route by route: a message that two routes want counts for each of them",
    "listen, launch",
)
ROUTE_SETTLED_AT = Figure(
    "hybrid.routes.settled_at",
    "gauge",
    "seconds since 1970",
    ("dag_id", "route"),
    "when a message that the route wants was last settled",
    "listen, launch",
)
RETURNED = Figure(
    "hybrid.messages.returned",
    "counter",
    "messages",
    ("dag_id",),
    "messages that were given back to the queue, and come again",
    "listen, launch",
)
DEAD_LETTERED = Figure(
    "hybrid.messages.dead_lettered",
    "counter",
    "messages",
    ("dag_id", "error_type"),
    "messages that the dispatcher sent to the dead-letter queue",
    "listen, launch",
)
DELAY = Figure(
    "hybrid.messages.delay",
    "timer",
    "ms",
    ("dag_id",),
    "from the sending of a message until its runs were started",
    "listen, launch",
)
RUNS_STARTED = Figure(
    "hybrid.runs.started",
    "counter",
    "DAG runs",
    ("dag_id", "route"),
    "runs that were started; those that existed already do not count",
    "listen, launch",
)
BATCH_SIZE = Figure(
    "hybrid.batch.size",
    "gauge",
    "messages",
    ("dag_id",),
    "messages of the last batch",
    "listen",
)
LAUNCH_DURATION = Figure(
    "hybrid.launch.duration",
    "timer",
    "ms",
    ("dag_id",),
    "how long it took to start the runs of a group and to settle its messages",
    "listen, launch",
)
LISTENED_AT = Figure(
    "hybrid.listened_at",
    "gauge",
    "seconds since 1970",
    ("dag_id",),
    "when SQS last answered a receive of the dispatcher",
    "triggerer, listen",
)
WAITING = Figure(
    "hybrid.queue.waiting",
    "gauge",
    "messages",
    ("dag_id",),
    "messages in the queue that can be received",
    "triggerer",
)
IN_FLIGHT = Figure(
    "hybrid.queue.in_flight",
    "gauge",
    "messages",
    ("dag_id",),
    "messages that were received, and are not settled yet or come back later",
    "triggerer",
)
DELAYED = Figure(
    "hybrid.queue.delayed",
    "gauge",
    "messages",
    ("dag_id",),
    "messages that were sent with a delay",
    "triggerer",
)
DEAD_LETTERS = Figure(
    "hybrid.queue.dead_letters",
    "gauge",
    "messages",
    ("dag_id",),
    "messages in the dead-letter queue, also those that SQS itself moved there",
    "triggerer",
)

FIGURES = (
    *(RECEIVED, SETTLED, ROUTED, ROUTE_SETTLED_AT, RETURNED, DEAD_LETTERED, DELAY),
    *(RUNS_STARTED, BATCH_SIZE, LAUNCH_DURATION, LISTENED_AT, WAITING, IN_FLIGHT, DELAYED, DEAD_LETTERS),
)
