"""The figures that a dispatch sends, as StatsD and an OpenTelemetry collector receive them.

The trigger and the tasks have a process each, as they have in Airflow.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from typing import Any

import pytest

from airflow_provider_hybrid.metrics.figures import FIGURES, Figure
from airflow_provider_hybrid.triggers.event import MessagesEvent
from tests.harness.dispatching import configure
from tests.harness.environment import PROJECT
from tests.harness.metered import DAG
from tests.harness.monitoring import Otlp, Reading, Statsd
from tests.harness.receiving import receive
from tests.harness.running import running
from tests.harness.versions import AIRFLOW, Version

DISPATCHER = "bestellungen.gr__e"
"""The dispatcher's id without the characters that Airflow refuses in a name."""

COUNTED = {
    ("hybrid.messages.received", DISPATCHER): 6,
    ("hybrid.messages.settled", DISPATCHER, "started"): 3,
    ("hybrid.messages.settled", DISPATCHER, "unmatched"): 1,
    ("hybrid.messages.settled", DISPATCHER, "rejected"): 1,
    ("hybrid.messages.settled", DISPATCHER, "waiting"): 1,
    ("hybrid.messages.routed", DISPATCHER, "files", "started"): 3,
    ("hybrid.messages.routed", DISPATCHER, "nowhere", "waiting"): 1,
    ("hybrid.messages.returned", DISPATCHER): 1,
    ("hybrid.messages.dead_lettered", DISPATCHER, "Unmatched"): 1,
    ("hybrid.messages.dead_lettered", DISPATCHER, "MessageParseError"): 1,
    ("hybrid.runs.started", DISPATCHER, "files"): 2,
}
"""Counters, with the values of their tags."""

LAST = {
    ("hybrid.batch.size", DISPATCHER): 6,
    ("hybrid.queue.waiting", DISPATCHER): 6,
    ("hybrid.queue.in_flight", DISPATCHER): 0,
    ("hybrid.queue.delayed", DISPATCHER): 0,
    ("hybrid.queue.dead_letters", DISPATCHER): 0,
}
"""Gauges, but for that which is a time."""


def event(event_id: str, source: str) -> str:
    return json.dumps({"id": event_id, "source": source, "detail-type": "Made", "detail": {}})


BODIES = [
    event("e-1", "shop"),
    event("e-2", "shop"),
    event("e-2", "shop"),  # another message with the same event, which shares its run
    event("e-3", "nowhere"),
    event("e-4", "unknown"),
    "rubbish",
]


def route(name: str, source: str, dag_id: str) -> dict[str, Any]:
    return {"name": name, "event_pattern": {"source": [source]}, "trigger_dag_id": dag_id}


@pytest.fixture
def sent_at(sqs: Any, queue_url: str, dead_letter_queue_url: str, monkeypatch: pytest.MonkeyPatch) -> float:
    """Put the messages into the queue of a dispatcher, and return the time of the last one."""
    configure(
        monkeypatch,
        queue_url,
        dead_letter_queue_url=dead_letter_queue_url,
        routes=[route("files", "shop", DAG), route("nowhere", "nowhere", "missing")],
        max_queued_runs=None,
    )
    for body in BODIES:
        sqs.send_message(QueueUrl=queue_url, MessageBody=body)
    return time.time()


def play(environ: dict[str, str]) -> list[Any]:
    """Receive and dispatch, in two processes; return the lines of the record."""
    event = run("triggerer", environ)
    return list(json.loads(run("task", environ, event)))


def run(process: str, environ: dict[str, str], given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.harness.metered", process],
        check=False,
        capture_output=True,
        text=True,
        input=given,
        cwd=PROJECT,
        env={**os.environ, **environ},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def counted(readings: list[Reading]) -> dict[tuple[str, ...], float]:
    sums: Counter[tuple[str, ...]] = Counter()
    for reading in readings:
        if reading.kind == "counter":
            sums[identity(reading)] += reading.value  # type: ignore[assignment]
    return dict(sums)


def identity(reading: Reading) -> tuple[str, ...]:
    return (reading.name, *(value for _, value in reading.tags))


def arrived_as(figure: Figure, *, otlp: bool) -> str:
    """Return the kind as which a figure arrives."""
    return "gauge" if figure.kind == "timer" and otlp and Version("3.3") > AIRFLOW else figure.kind


@pytest.mark.parametrize("otlp", [False, True], ids=["StatsD", "OpenTelemetry"])
def test_each_figure_of_the_table_arrives_and_no_other(otlp: bool, sent_at: float) -> None:
    with running(Otlp() if otlp else Statsd(with_tags=True)) as server:
        lines = play(server.environ)

    readings = server.readings
    assert {(reading.name, reading.kind, *(tag for tag, _ in reading.tags)) for reading in readings} == {
        (figure.name, arrived_as(figure, otlp=otlp), *figure.tags) for figure in FIGURES
    }
    assert counted(readings) == COUNTED
    last = {identity(reading): reading.value for reading in readings}
    assert last.items() >= LAST.items()
    assert sent_at <= last["hybrid.listened_at", DISPATCHER] <= time.time()
    assert sent_at <= last["hybrid.routes.settled_at", DISPATCHER, "files"] <= time.time()
    assert last["hybrid.launch.duration", DISPATCHER] > 0
    # In milliseconds: a message was received before it was settled.
    at_least = last["hybrid.listened_at", DISPATCHER] - sent_at
    assert last["hybrid.messages.delay", DISPATCHER] >= at_least * 1000
    recorded = Counter(line["outcome"] for line in lines)
    assert recorded == {name[2]: number for name, number in COUNTED.items() if "settled" in name[0]}


@pytest.mark.usefixtures("sent_at")
def test_plain_statsd_gets_the_values_of_tags_in_the_name(sqs: Any, queue_url: str) -> None:
    batch = MessagesEvent.batch(queue_url, receive(sqs, queue_url, len(BODIES)))

    with running(Statsd(with_tags=False)) as server:
        run("task", server.environ, json.dumps(asyncio.run(batch).payload))

    dispatcher = DISPATCHER.replace(".", "__")
    expected = {
        ".".join((name, dispatcher, *values)): number
        for (name, _, *values), number in COUNTED.items()
        if name != "hybrid.messages.received"
    }
    assert {name: number for (name,), number in counted(server.readings).items()} == expected
    assert {reading.tags for reading in server.readings} == {()}
