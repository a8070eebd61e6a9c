"""The trigger while the DAGs hold too many queued runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.triggers import sqs as module
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
from tests.harness.dispatching import configure as set_dispatcher
from tests.harness.dispatching import first_event

Counts = Callable[[str], tuple[int, int]]


class Log:
    """Keeps what is said at INFO."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, text: str, *values: object) -> None:
        self.lines.append(text % values)


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """What Airflow counts, by DAG; counted again without delay."""
    numbers = {"a": 0, "b": 0}
    monkeypatch.setattr(module, "count_queued_runs", numbers.__getitem__)
    monkeypatch.setattr(module, "PAUSE", 0)
    return numbers


def send(sqs: Any, queue_url: str, number: int) -> None:
    for _ in range(number):
        sqs.send_message(QueueUrl=queue_url, MessageBody="{}")


@pytest.fixture(autouse=True)
def configure(queue_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the dispatcher's Variable: a route to DAG ``a``, and room for ten runs."""
    route = {"name": "a", "event_pattern": {"source": [{"prefix": ""}]}, "trigger_dag_id": "a"}

    def set_variable(**changes: Any) -> None:
        arguments = {"wait_time_seconds": 1, "max_queued_runs": 10, "routes": [route], **changes}
        set_dispatcher(monkeypatch, queue_url, **arguments)

    set_variable()
    return set_variable


def trigger() -> SqsEventTrigger:
    """Return one that knows of a DAG which only a message has named."""
    return SqsEventTrigger("hybrid_dispatcher", dag_ids=["b"])


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
        asked: list[str] = []

        def count(dag_id: str) -> int:
            asked.append(dag_id)
            if len(asked) == 20:
                loop.call_soon_threadsafe(counted_often.set)
            return queued[dag_id]

        monkeypatch.setattr(module, "count_queued_runs", count)
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


def test_a_change_of_the_variable_takes_effect_while_it_waits_for_room(
    configure: Callable[..., None], sqs: Any, queue_url: str, queued: dict[str, int]
) -> None:
    send(sqs, queue_url, 1)
    queued.update(a=6)

    async def raise_the_limit() -> dict[str, Any]:
        waiting = asyncio.create_task(only_event())
        await asyncio.wait([waiting], timeout=0.3)
        assert not waiting.done()
        configure(max_queued_runs=100)
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
    configure: Callable[..., None], sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "count_queued_runs", None)
    configure(max_queued_runs=None)
    send(sqs, queue_url, 2)

    assert asyncio.run(only_event())["count"] == 2


def test_an_airflow_that_does_not_answer_is_its_event(
    queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count(dag_id: str) -> int:
        raise LaunchError(f"The queued runs of DAG {dag_id!r} cannot be counted.")

    monkeypatch.setattr(module, "count_queued_runs", count)

    assert "DAG 'a' cannot be counted" in asyncio.run(only_event())["error"]
