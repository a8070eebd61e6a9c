"""The trigger while the DAGs hold too many queued runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
from airflow_provider_hybrid.triggers.timing import Timing
from tests.harness.dispatching import configure as set_dispatcher
from tests.harness.dispatching import first_event
from tests.harness.supervising import Eventful, Refusing, supervise
from tests.harness.supervisor import Supervisor

Counts = Callable[[str], tuple[int, int]]


class Log:
    """Keeps what is said at INFO."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, text: str, *values: object) -> None:
        self.lines.append(text % values)


@pytest.fixture
def queued(supervisor: Supervisor) -> dict[str, int]:
    """What Airflow counts, by DAG."""
    return supervisor.queued


def send(sqs: Any, queue_url: str, number: int) -> None:
    for _ in range(number):
        sqs.send_message(QueueUrl=queue_url, MessageBody="{}")


@pytest.fixture(autouse=True)
def configure(queue_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the dispatcher's Variable: a route to DAG ``a``, and room for ten runs."""
    route = {"name": "a", "event_pattern": {"source": [{"prefix": ""}]}, "trigger_dag_id": "a"}

    def set_variable(**changes: Any) -> None:
        arguments = {"wait_time_seconds": 1, "max_queued_runs_total": 10, "routes": [route], **changes}
        set_dispatcher(monkeypatch, queue_url, **arguments)

    set_variable()
    return set_variable


def trigger() -> SqsEventTrigger:
    """Return one that knows of a DAG which only a message has named, and counts again without delay."""
    made = SqsEventTrigger("hybrid_dispatcher", dag_ids=["b"])
    made.timing = Timing(recount=0)
    return made


async def only_event() -> dict[str, Any]:
    event = await asyncio.wait_for(first_event(trigger()), 20)
    payload: dict[str, Any] = event.payload
    return payload


def test_it_receives_no_more_than_fills_the_room(sqs: Any, queue_url: str, queued: dict[str, int]) -> None:
    send(sqs, queue_url, 15)
    queued.update(a=2, b=1)

    assert asyncio.run(only_event())["count"] == 7


def test_full_it_receives_nothing_until_there_is_room(
    sqs: Any,
    queue_url: str,
    counts: Counts,
    queued: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It says so once, however often it counts; what it then yields makes the sensor take what fits."""
    log = Log()
    monkeypatch.setattr(SqsEventTrigger, "log", log)
    send(sqs, queue_url, 3)
    queued.update(a=4, b=2)

    async def make_room_after_ten_rounds() -> dict[str, Any]:
        loop, counted_often = asyncio.get_running_loop(), asyncio.Event()

        def tell(_: Any) -> None:
            if len(airflow.counted) == 20:
                loop.call_soon_threadsafe(counted_often.set)

        airflow = supervise(monkeypatch, Eventful(set(), tell))
        airflow.queued = queued
        waiting = asyncio.create_task(only_event())
        await asyncio.wait_for(counted_often.wait(), 20)
        assert not waiting.done()
        queued.update(a=3)
        return await waiting

    event = asyncio.run(make_room_after_ten_rounds())

    assert (event["count"], event["error"]) == (0, None)
    assert counts(queue_url) == (3, 0)
    assert [line.split(" ")[0] for line in log.lines] == ["Nothing", "There"]
    assert "6 runs are queued (a: 4, b: 2)" in log.lines[0]


def test_it_receives_nothing_while_the_only_dag_is_full(
    configure: Callable[..., None], sqs: Any, queue_url: str, queued: dict[str, int]
) -> None:
    configure(max_queued_runs=10, max_queued_runs_total=None)
    send(sqs, queue_url, 3)
    queued.update(a=6)

    async def make_room() -> dict[str, Any]:
        waiting = asyncio.create_task(only_event())
        await asyncio.wait([waiting], timeout=0.3)
        assert not waiting.done()
        queued.update(a=5)
        return await waiting

    assert asyncio.run(make_room())["count"] == 0


def test_a_full_dag_does_not_stop_it_while_another_has_room(
    configure: Callable[..., None], sqs: Any, queue_url: str, queued: dict[str, int]
) -> None:
    wants_all = {"event_pattern": {"source": [{"prefix": ""}]}}
    routes = [{"name": dag_id, "trigger_dag_id": dag_id, **wants_all} for dag_id in "ac"]
    configure(routes=routes, max_queued_runs=10, max_queued_runs_total=None)
    send(sqs, queue_url, 3)
    queued.update(a=10)

    assert asyncio.run(only_event())["count"] == 3


def test_a_change_of_the_variable_takes_effect_while_it_waits_for_room(
    configure: Callable[..., None], sqs: Any, queue_url: str, queued: dict[str, int]
) -> None:
    send(sqs, queue_url, 1)
    queued.update(a=6)

    async def raise_the_limit() -> dict[str, Any]:
        waiting = asyncio.create_task(only_event())
        await asyncio.wait([waiting], timeout=0.3)
        assert not waiting.done()
        configure(max_queued_runs_total=100)
        return await waiting

    assert asyncio.run(raise_the_limit())["count"] == 1


def test_it_can_be_cancelled_while_it_waits(queue_url: str, queued: dict[str, int]) -> None:
    queued.update(a=6)

    async def cancel() -> None:
        waiting = asyncio.create_task(only_event())
        await asyncio.wait([waiting], timeout=0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(cancel())


def test_without_a_limit_it_counts_nothing(
    configure: Callable[..., None], sqs: Any, queue_url: str, supervisor: Supervisor
) -> None:
    configure(max_queued_runs=None, max_queued_runs_total=None)
    send(sqs, queue_url, 2)

    assert asyncio.run(only_event())["count"] == 2
    assert supervisor.counted == []


def test_an_airflow_that_does_not_answer_is_its_event(
    queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervise(monkeypatch, Refusing())

    assert "DAG 'a' cannot be counted" in asyncio.run(only_event())["error"]
