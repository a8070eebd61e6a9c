"""Who turns events into DAG runs, and who does the half of it only, to show what no one can do better."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from tests import peers
from tests.benchmark.calm import wait_until_calm
from tests.benchmark.listening import Listeners
from tests.benchmark.names import HYBRID, PEERS, QUEUE, RESTS, partners_of
from tests.benchmark.outcome import Outcome, await_outcome
from tests.demo.cloud import Cloud
from tests.system.events import configuration
from tests.system.faults.ledger import counted_route
from tests.system.faults.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmark.world import World

Sent = dict[str, datetime]
"""When each event was sent, by its id."""

_NUMBERS = 10_000
"""More than a load has events that are told apart."""

_DISPATCHER = """
from airflow_provider_hybrid.dispatcher import build_dispatcher

for name in {names!r}:
    globals()[name] = build_dispatcher(dag_id=name, config_variable=name)
"""


class Contender:
    """Starts a run of a partner DAG of its own for each of its own events; this one, by itself, gets none."""

    def __init__(self, world: World, name: str, listeners: Listeners | None = None) -> None:
        """Describe it.

        Args:
            world: Where.
            name: One of `tests.benchmark.names`.
            listeners: The DAG that does it; None if it is no DAG.
        """
        self.world = world
        self.name = name
        self.partners = partners_of(name)
        self._listeners = listeners

    @property
    def dag_ids(self) -> list[str]:
        """The DAGs that do it."""
        return self._listeners.dag_ids if self._listeners else []

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let it listen, undisturbed, during the block, and leave the others in peace after it."""
        if self._listeners:
            self._listeners.start()
        self.wait_until_calm()
        yield
        if self._listeners:
            self._listeners.stop()

    def wait_until_calm(self) -> None:
        """Wait until it does nothing but wait for events."""
        wait_until_calm(self.world, self._calm, self.partners)

    def backlog(self) -> int:
        """Return how many events wait outside of Airflow."""
        return 0

    def outcome(self, sent: Sent, since: datetime, *, ends_runs: bool = False) -> Outcome:
        """Wait until all has become of the events that will, and tell it; see `await_outcome`."""
        return await_outcome(self, sent, datetime.now(timezone.utc), since, ends_runs=ends_runs)

    def _calm(self) -> bool:
        return self._listeners is None or self._listeners.calm()


class QueueContender(Contender):
    """Listens to a queue."""

    def __init__(self, world: World, name: str, dag_id: str, source: str) -> None:
        super().__init__(world, name, Listeners(world, dag_id, source, [dag_id]))
        self.cloud = Cloud(world.ministack, name)

    def backlog(self) -> int:
        return self.cloud.backlog()

    def stream(self, name: str, every: float) -> Stream:
        """Return a stream of events, one every so many seconds."""
        return Stream(self.cloud, name, every)

    def burst(self, name: str, events: int) -> Sent:
        """Send events as fast as possible; their ids begin with ``name``."""
        stream = self.stream(name, every=1)
        stream.send_many(events)
        return stream.sent


class Hybrid(QueueContender):
    """This package."""

    def __init__(self, world: World, name: str) -> None:
        super().__init__(world, name, name, _DISPATCHER.format(names=(name,)))
        self.route()

    def route(self, partners: int = 1, **changes: Any) -> None:
        """Write the Variable: events go to so many partners in turn; ``changes`` are fields of each route."""
        self._write_variable(self.dag_ids[0], self.cloud, partners, changes)

    def crowd(self, size: int) -> Listeners:
        """Return more dispatchers, with queues and Variables of their own."""
        names = [f"{self.name}_{number}" for number in range(size)]
        for name in names:
            self._write_variable(name, Cloud(self.world.ministack, name), 1, {})
        return Listeners(self.world, f"{self.name}_crowd", _DISPATCHER.format(names=names), names)

    def _write_variable(self, key: str, cloud: Cloud, partners: int, changes: dict[str, Any]) -> None:
        routes = [{**counted_route(partner), **changes} for partner in self.partners[:partners]]
        if partners > 1:
            for place, route in enumerate(routes):
                route["event_pattern"] = {"detail": {"number": [*range(place, _NUMBERS, partners)]}}
        self.world.api.set_variable(key, configuration(cloud, *routes))


class Peer(QueueContender):
    """One of the amazon provider's ways."""

    def __init__(self, world: World, name: str) -> None:
        super().__init__(world, name, peers.dag_id(name), peers.dag_file(name).read_text())
        world.api.set_variable(peers.dag_id(name), peers.settings(self.cloud, self.partners))


class Rest(Contender):
    """Clients of the REST API, each with a connection of its own, post one run after the other.

    No event can become a run with less work of Airflow: this is the engine's limit.
    """

    def __init__(self, world: World, name: str, clients: int) -> None:
        super().__init__(world, name)
        self._apis = [world.airflow.api() for _ in range(clients)]

    def burst(self, name: str, events: int) -> Sent:
        """Post a run for each event as fast as possible; their ids begin with ``name``."""
        ids = [f"{name}-{number}" for number in range(events)]
        sent: Sent = {}

        def post(client: int) -> None:
            for event in ids[client :: len(self._apis)]:
                sent[event] = datetime.now(timezone.utc)
                self._apis[client].trigger(self.partners[0], event, {"event_id": event})

        with ThreadPoolExecutor(len(self._apis)) as pool:
            list(pool.map(post, range(len(self._apis))))
        return sent


class ReceiveMessage(Contender):
    """Receives and deletes, and starts no run: nobody can know of an event earlier."""

    def __init__(self, world: World, name: str) -> None:
        super().__init__(world, name)
        self._cloud = Cloud(world.ministack, name)
        self._received: Sent = {}

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Receive during the block."""
        end = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            receiving = pool.submit(self._receive, end)
            try:
                with super().turn():
                    yield
            finally:
                end.set()
            receiving.result()

    def stream(self, name: str, every: float) -> Stream:
        """Return a stream of events, one every so many seconds."""
        return Stream(self._cloud, name, every)

    def outcome(self, sent: Sent, since: datetime, *, ends_runs: bool = False) -> Outcome:
        """Wait until all events are received; that takes the place of their runs."""
        sent_until = datetime.now(timezone.utc)
        self.world.wait(lambda: sent.keys() <= self._received.keys(), 60, "all events to be received")
        runs = {event: {event: self._received[event]} for event in sent}
        return Outcome(sent, sent_until, runs, processes=0)

    def _receive(self, end: threading.Event) -> None:
        sqs, queue = self._cloud.sqs, {"QueueUrl": self._cloud.queue_url}
        while not end.is_set():
            answer = sqs.receive_message(**queue, MaxNumberOfMessages=10, WaitTimeSeconds=20)
            for message in answer.get("Messages", []):
                self._received[json.loads(message["Body"])["id"]] = datetime.now(timezone.utc)
                sqs.delete_message(**queue, ReceiptHandle=message["ReceiptHandle"])


def make_contender(world: World, name: str) -> Contender:
    """Make a contender, by one of the names in `tests.benchmark.names`."""
    if name == HYBRID:
        return Hybrid(world, name)
    if name in PEERS:
        return Peer(world, name)
    if name in RESTS:
        return Rest(world, name, int(name.rpartition("_")[2]))
    if name == QUEUE:
        return ReceiveMessage(world, name)
    return Contender(world, name)
