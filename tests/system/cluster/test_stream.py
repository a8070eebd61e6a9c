"""Each part of a cluster dies while events come in."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from tests.harness.wait import wait_until
from tests.system.cluster.conftest import DISPATCHERS
from tests.system.cluster.parts import Parts
from tests.system.faults.ledger import HYBRID, Ledger, Row
from tests.system.faults.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.demo.cloud import Cloud
    from tests.harness.process import Process
    from tests.harness.redis import Redis
    from tests.system.cluster.cluster import Cluster
    from tests.system.database import Database

EVENTS = 600
"""Events of all queues, at least."""

EVERY = 0.4
"""Seconds between two events of a queue; with two queues it is five events a second."""

APART = 100
"""Events, at least, from one fault to the next."""

IN_FLIGHT = timedelta(seconds=1)
"""An event that was sent so shortly before a fault had no run yet when it came."""

DISPATCHER = "cluster_a"
"""The dispatcher whose parts die."""

TAKES_OVER_WITHIN = 90
"""Seconds."""


def test_the_other_triggerer_takes_over(
    airflow: Cluster, database: Database, clouds: dict[str, Cloud], record: Callable[[Row], Row]
) -> None:
    """The dispatcher is idle, and both of its runs wait in the triggerer that dies."""
    parts, cloud = Parts(database), clouds[DISPATCHER]
    first, second = (airflow.components[name] for name in ("triggerer-1", "triggerer-2"))
    second.stop()
    wait_until(lambda: parts.triggers_of(DISPATCHER) == [first.name] * 2, 120, "two triggers that listen")
    second.start()
    airflow.wait_healthy(60)

    stream = Stream(cloud, "takeover")
    first.kill()
    try:
        stream.send()
        ledger = Ledger(database, cloud, [DISPATCHERS[DISPATCHER]])
        row = record(ledger.settle(stream, "Triggerer killed while all triggers wait in it"))
        takers = set(parts.triggers_of(DISPATCHER))
    finally:
        first.start()
        airflow.wait_healthy(120)

    assert row.flawless, row
    assert row.delay < TAKES_OVER_WITHIN, row
    assert takers <= {second.name}


def test_a_stream_outlives_every_part(
    airflow: Cluster,
    redis: Redis,
    database: Database,
    clouds: dict[str, Cloud],
    record: Callable[[Row], Row],
) -> None:
    """The next part dies when all events have their runs that were sent up to the death of the last one."""
    parts = Parts(database)
    streams = {name: Stream(cloud, f"stream-{name}", EVERY) for name, cloud in clouds.items()}
    ledgers = {name: Ledger(database, clouds[name], [DISPATCHERS[name]]) for name in streams}

    def kill(find: Callable[[str], list[str]]) -> None:
        what = f"a component that works for {DISPATCHER}"
        name, *_ = wait_until(lambda: find(DISPATCHER), 60, what, every=0.05)
        revive(airflow.components[name])

    faults = {
        "Triggerer killed": lambda: kill(parts.triggers_of),
        "Scheduler killed": lambda: kill(parts.schedulers_of),
        "Worker of `listen` killed, with its tasks": lambda: kill(parts.workers_of),
        "API server killed": lambda: revive(airflow.components["api-server"]),
        "Redis stopped and started": lambda: restart(redis),
    }
    struck: list[datetime] = []
    with ExitStack() as stack:
        for stream in streams.values():
            stack.enter_context(stream)
        for strike in faults.values():
            _flow(streams, _sent(streams) + APART)
            strike()
            struck.append(datetime.now(timezone.utc))
            _recover(struck[-1], streams, ledgers)
        _flow(streams, max(EVENTS, _sent(streams) + APART))
    total = [ledgers[name].settle(stream, "all of it") for name, stream in streams.items()]
    airflow.wait_healthy(120)

    ends = [*struck[1:], datetime.now(timezone.utc)]
    for fault, since, until in zip(faults, struck, ends, strict=True):
        record(_row(fault, since - IN_FLIGHT, until - IN_FLIGHT, streams, ledgers))
    assert sum(row.events for row in total) >= EVENTS
    assert all(row.flawless for row in total), total
    assert max(row.delay for row in total) < TAKES_OVER_WITHIN, total


def revive(component: Process) -> None:
    """Kill a component, and start it again."""
    component.kill()
    component.start()


def restart(redis: Redis) -> None:
    """Stop Redis in an orderly way, and start it again."""
    redis.stop()
    redis.start()


def _flow(streams: dict[str, Stream], events: int) -> None:
    """Wait until the streams have sent so many events in all."""
    wait_until(lambda: _sent(streams) >= events, 2 * EVENTS * EVERY, f"{events} events", every=0.05)


def _sent(streams: dict[str, Stream]) -> int:
    return sum(len(stream.sent) for stream in streams.values())


def _recover(at: datetime, streams: dict[str, Stream], ledgers: dict[str, Ledger]) -> None:
    """Wait until every event has its run that was sent before a moment."""
    early = {name: stream.between(min(stream.sent.values()), at) for name, stream in streams.items()}

    def recovered() -> bool:
        return all(all(ledgers[name].runs(part).values()) for name, part in early.items())

    wait_until(recovered, 2 * TAKES_OVER_WITHIN, "all events up to the fault to have their runs", every=1)


def _row(
    fault: str, since: datetime, until: datetime, streams: dict[str, Stream], ledgers: dict[str, Ledger]
) -> Row:
    """Count what became of the events that were sent in a span of time."""
    rows = [ledgers[name].count(stream.between(since, until), fault) for name, stream in streams.items()]
    return Row(
        fault,
        HYBRID,
        events=sum(row.events for row in rows),
        lost=sum(row.lost for row in rows),
        twice=sum(row.twice for row in rows),
        delay=max(row.delay for row in rows),
        waiting=sum(row.waiting for row in rows),
    )
