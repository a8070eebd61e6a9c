"""Each part of a cluster dies while events come in."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from tests.harness.wait import wait_until
from tests.system.cluster.conftest import DISPATCHERS
from tests.system.cluster.parts import Parts
from tests.system.faults.ledger import Ledger, Row
from tests.system.faults.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.demo.cloud import Cloud
    from tests.harness.process import Process
    from tests.harness.redis import Redis
    from tests.system.cluster.cluster import Cluster
    from tests.system.database import Database

EVENTS = 600
EVERY = 0.4
"""Seconds between two events of a queue; with two queues it is five events a second."""

FIRST, APART = 60, 100
"""Events before the first fault, and from one fault to the next."""

IN_FLIGHT = timedelta(seconds=1)
"""An event that was sent so shortly before a fault had no run yet when it came."""

DISPATCHER = "cluster_a"
"""The dispatcher whose parts die."""

TAKES_OVER_WITHIN = 90
"""Seconds."""


@dataclass(frozen=True)
class Fault:
    """Something that dies, and the moment."""

    title: str
    at: datetime


def test_the_other_triggerer_takes_over(
    airflow: Cluster, database: Database, clouds: dict[str, Cloud], record: Callable[[Row], Row]
) -> None:
    """The dispatcher is idle: both of its runs wait in triggerers."""
    parts, cloud = Parts(database), clouds[DISPATCHER]
    killed, *_ = wait_until(lambda: parts.triggerers_of(DISPATCHER), 120, "a trigger that listens")
    stream = Stream(cloud, "takeover")
    airflow.components[killed].kill()
    stream.send()
    ledger = Ledger(database, cloud, [DISPATCHERS[DISPATCHER]])
    row = ledger.settle(stream, "Triggerer killed while the dispatcher only waits")
    airflow.components[killed].start()
    airflow.wait_healthy(120)

    record(row)
    assert row.flawless, row
    assert row.delay < TAKES_OVER_WITHIN, row


def test_a_stream_outlives_every_part(
    airflow: Cluster,
    redis: Redis,
    database: Database,
    clouds: dict[str, Cloud],
    record: Callable[[Row], Row],
) -> None:
    parts = Parts(database)
    streams = {name: Stream(cloud, f"stream-{name}", EVERY) for name, cloud in clouds.items()}

    def kill(find: Callable[[str], list[str]]) -> None:
        what = f"a component that works for {DISPATCHER}"
        name, *_ = wait_until(lambda: find(DISPATCHER), 60, what, every=0.05)
        revive(airflow.components[name])

    faults = {
        "Triggerer killed": lambda: kill(parts.triggerers_of),
        "Scheduler killed": lambda: kill(parts.schedulers_of),
        "Worker of `listen` killed, with its tasks": lambda: kill(parts.workers_of),
        "API server killed": lambda: revive(airflow.components["api-server"]),
        "Redis stopped and started": lambda: restart(redis),
    }
    met: list[Fault] = []
    with ExitStack() as stack:
        for stream in streams.values():
            stack.enter_context(stream)
        for number, (title, strike) in enumerate(faults.items()):
            _flow(streams, FIRST + number * APART)
            met.append(Fault(title, datetime.now(timezone.utc)))
            strike()
        _flow(streams, EVENTS)
    ledgers = {name: Ledger(database, clouds[name], [DISPATCHERS[name]]) for name in streams}
    total = [ledgers[name].settle(stream, "all of it") for name, stream in streams.items()]
    airflow.wait_healthy(120)

    for fault, until in zip(met, [*(fault.at for fault in met[1:]), datetime.now(timezone.utc)], strict=True):
        record(_row(fault, until, streams, ledgers))
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
    wait_until(
        lambda: sum(len(stream.sent) for stream in streams.values()) >= events,
        2 * EVENTS * EVERY,
        f"{events} events",
        every=0.05,
    )


def _row(fault: Fault, until: datetime, streams: dict[str, Stream], ledgers: dict[str, Ledger]) -> Row:
    """Count what became of the events that a fault met, up to the next one."""
    rows = [
        ledgers[name].count(stream.between(fault.at - IN_FLIGHT, until - IN_FLIGHT), fault.title)
        for name, stream in streams.items()
    ]
    return replace(
        rows[0],
        events=sum(row.events for row in rows),
        lost=sum(row.lost for row in rows),
        twice=sum(row.twice for row in rows),
        delay=max(row.delay for row in rows),
    )
