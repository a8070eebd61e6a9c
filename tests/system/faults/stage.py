"""One dispatcher, with a queue and a way to SQS of its own, and what a test's scenario does with it."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.demo.cloud import Cloud
from tests.harness.proxy import Proxy
from tests.harness.running import running
from tests.harness.wait import wait_until
from tests.system.events import configuration
from tests.system.faults.ledger import PARTNERS, Ledger, Row, counted_route
from tests.system.faults.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi, Json
    from tests.harness.ministack import MiniStack
    from tests.system.database import Database
    from tests.system.faults.dag_folder import DagFolder

_WORKS_WITHIN = 120
_AT_WORK = {"scheduled", "queued", "running"}
_TRIES = "SELECT state, try_number FROM task_instance WHERE dag_id = %(dag)s AND task_id LIKE %(task)s"


@dataclass(frozen=True)
class World:
    """What all stages share."""

    airflow: Airflow
    api: AirflowApi
    ministack: MiniStack
    database: Database
    dags: DagFolder

    @contextmanager
    def stage(self, name: str, fault: str) -> Iterator[Stage]:
        """Set up the stage of a dispatcher that is to meet a fault."""
        with running(Proxy(self.ministack.endpoint_url)) as proxy:
            connection = json.loads(self.ministack.airflow_connection())
            connection["extra"]["endpoint_url"] = proxy.endpoint_url
            self.api.set_connection(name, connection)
            yield Stage(name, fault, Cloud(self.ministack, name), proxy, self)


@dataclass(frozen=True)
class Stage:
    """What a scenario has to itself.

    ``name`` is the id of its dispatcher, and the name of that one's Variable, AWS connection and queue;
    ``fault`` says in words what happens here.
    """

    name: str
    fault: str
    cloud: Cloud
    proxy: Proxy
    world: World

    @property
    def api(self) -> AirflowApi:
        """Airflow as its administrator sees it."""
        return self.world.api

    @property
    def dags(self) -> DagFolder:
        """Where DAGs come and go."""
        return self.world.dags

    def route(self, *routes: dict[str, Any], **changes: Any) -> None:
        """Write the dispatcher's Variable; without routes every event starts a run of each of `PARTNERS`."""
        wanted = routes or [counted_route(partner) for partner in PARTNERS]
        self.api.set_variable(
            self.name, configuration(self.cloud, *wanted, **{"aws_conn_id": self.name, **changes})
        )

    def listen(self, *routes: dict[str, Any], **changes: Any) -> None:
        """Write the dispatcher's Variable and let it work."""
        self.route(*routes, **changes)
        self.api.unpause(self.name)

    def stream(self, every: float = 3.0) -> Stream:
        """Return a stream of events to the queue, past the proxy."""
        return Stream(self.cloud, self.name, every)

    def flow(self, stream: Stream, events: int) -> None:
        """Wait until a stream has sent so many more events."""
        enough = len(stream.sent) + events
        wait_until(lambda: len(stream.sent) >= enough, _WORKS_WITHIN, f"{events} more events of {self.name}")

    def wait(self, condition: Callable[[], Any], what: str, timeout: float = _WORKS_WITHIN) -> Any:
        """Wait for something that Airflow does, and return it.

        Raises:
            RuntimeError: A component of Airflow is dead.
            TimeoutError: It does not come.
        """

        def met() -> Any:
            self.world.airflow.check()
            return condition()

        return wait_until(met, timeout, f"{what} ({self.name})", every=1)

    def wait_for_work(self, stream: Stream, partners: Sequence[str] = PARTNERS) -> None:
        """Wait until the dispatcher has started the first run of a stream."""
        self.wait(lambda: any(self.ledger(partners).runs(stream).values()), "a first run")

    def wait_for_a_poll(self) -> None:
        """Wait until the trigger asks for messages, none is there, and no task stays for the next one."""

        def only_waits() -> bool:
            states = set(self.states("listen"))
            return "deferred" in states and not states & _AT_WORK

        self.wait(only_waits, "a dispatcher that waits for messages")
        polls = self.proxy.requests["ReceiveMessage"]
        self.wait(lambda: self.proxy.requests["ReceiveMessage"] > polls, "the trigger's long poll")

    def wait_for_failure(self) -> None:
        """Wait until a task of the dispatcher has failed."""
        self.wait(self.failures, "a failed task")

    def failures(self) -> int:
        """Return how many of its task instances have failed, be it that they were tried again."""
        return sum(state in ("failed", "up_for_retry") or tries > 1 for state, tries in self._tries("%"))

    def states(self, task: str) -> list[str]:
        """Return the state of every instance of a dispatcher's task."""
        return [state for state, _ in self._tries(task)]

    def settle(self, stream: Stream, partners: Sequence[str] = PARTNERS) -> Row:
        """Wait until the events of a stream have come to rest, and count their runs."""
        return self.ledger(partners).settle(stream, self.fault)

    def ledger(self, partners: Sequence[str] = PARTNERS) -> Ledger:
        """Return what counts the runs of the partners."""
        return Ledger(self.world.database, self.cloud, partners)

    def dispatcher_runs(self, state: str) -> list[Json]:
        """Return the dispatcher's runs in a state."""
        return [run for run in self.api.runs(self.name) if run["state"] == state]

    def leave(self) -> None:
        """Stop the dispatcher, so that it costs the other tests nothing."""
        self.api.pause(self.name)
        self.wait(self._end_runs, "the end of its runs")

    def _end_runs(self) -> bool:
        """End what runs; true when nothing did."""
        running = self.dispatcher_runs("running")
        for run in running:
            # Airflow answers 500 while its scheduler has the run locked.
            with suppress(RuntimeError):
                path = f"dags/{self.name}/dagRuns/{run['dag_run_id']}"
                self.api.call("PATCH", path, json={"state": "success"})
        return not running

    def _tries(self, task: str) -> list[tuple[Any, ...]]:
        return self.world.database.rows(_TRIES, dag=self.name, task=task)
