"""The triggers of the two runs of a dispatcher, which are one another's reserve."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.execution_time.comms import GetTICount, MaskSecret, OKResponse, TICount

from airflow_provider_hybrid.triggers.event import MessagesEvent
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
from airflow_provider_hybrid.triggers.timing import Timing
from tests.harness.dispatching import configure, first_event
from tests.harness.supervising import Refusing, supervise

ROUTES = [{"name": "all", "event_pattern": {"source": [{"prefix": ""}]}, "trigger_dag_id": "dag"}]


@pytest.fixture(autouse=True)
def configured(queue_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, queue_url, routes=ROUTES, max_queued_runs=None, wait_time_seconds=1)


class Counting:
    """A supervisor that counts the tasks of a DAG that a worker has."""

    def __init__(self) -> None:
        self.at_work = {"dispatcher": 0, "other": 0}

    def send(self, msg: Any) -> TICount | OKResponse:
        if isinstance(msg, MaskSecret):
            return OKResponse(ok=True)
        assert isinstance(msg, GetTICount)
        assert msg.states == ["scheduled", "queued", "running"]
        assert msg.task_ids == ["listen"], "tasks that launch a burst hold up nothing else"
        return TICount(count=self.at_work[msg.dag_id])


@pytest.fixture(autouse=True)
def at_work(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many tasks of a DAG a worker has."""
    return supervise(monkeypatch, Counting()).at_work


def trigger(dag_id: str = "dispatcher", **times: float) -> SqsEventTrigger:
    """Return one that looks again without delay."""
    made = SqsEventTrigger("hybrid_dispatcher")
    made.timing = Timing(**{"check": 0.05, "suspicion": 0.05, **times})
    made.task_instance = SimpleNamespace(dag_id=dag_id, task_id="listen")  # type: ignore[assignment]
    return made


def start(*triggers: SqsEventTrigger) -> list[asyncio.Task[MessagesEvent]]:
    return [asyncio.create_task(first_event(trigger)) for trigger in triggers]


async def is_waiting(task: asyncio.Task[Any], seconds: float = 1.5) -> bool:
    await asyncio.wait([task], timeout=seconds)
    return not task.done()


def send(sqs: Any, queue_url: str, number: int = 1) -> None:
    for place in range(number):
        sqs.send_message(QueueUrl=queue_url, MessageBody=f'{{"number": {place}}}')


def test_of_two_triggers_one_receives_a_burst_as_a_whole(sqs: Any, queue_url: str) -> None:
    send(sqs, queue_url, 60)

    async def both() -> tuple[int, bool]:
        first, second = start(trigger(handover=60), trigger(handover=60))
        messages = (await first).payload["count"]
        await asyncio.to_thread(send, sqs, queue_url)
        waits = await is_waiting(second)
        second.cancel()
        return messages, waits

    count, waits = asyncio.run(both())
    assert count >= 60
    assert waits


def test_the_second_listens_once_the_first_has_handed_over(sqs: Any, queue_url: str) -> None:
    async def both() -> int:
        first, second = start(trigger(handover=0.1), trigger(handover=0.1))
        await asyncio.to_thread(send, sqs, queue_url)
        await first
        await asyncio.to_thread(send, sqs, queue_url)
        return int((await asyncio.wait_for(second, 20)).payload["count"])

    assert asyncio.run(both()) >= 1


@pytest.mark.parametrize(("within", "is_stream"), [(60, True), (0, False)])
def test_messages_that_come_soon_after_the_last_ones_are_a_stream(
    sqs: Any, queue_url: str, within: int, is_stream: bool
) -> None:
    async def one_after_the_other() -> list[bool]:
        streams = []
        for _ in range(2):
            await asyncio.to_thread(send, sqs, queue_url)
            event = await first_event(trigger(handover=0, next_message=within))
            streams.append(event.payload["is_stream"])
        return streams

    assert asyncio.run(one_after_the_other()) == [False, is_stream]


def test_one_that_is_cancelled_leaves_the_queue_to_the_other(sqs: Any, queue_url: str) -> None:
    async def both() -> int:
        first, second = start(trigger(), trigger())
        assert await is_waiting(first, 0.5)
        first.cancel()
        assert await is_waiting(second), "until the long poll of the first has ended on moto's side, too"
        await asyncio.to_thread(send, sqs, queue_url)
        return int((await asyncio.wait_for(second, 20)).payload["count"])

    assert asyncio.run(both()) >= 1


def test_another_dispatcher_listens_all_the_same(sqs: Any, queue_url: str) -> None:
    async def both() -> int:
        first, other = start(trigger(), trigger("other"))
        await asyncio.to_thread(send, sqs, queue_url, 1)
        done, waiting = await asyncio.wait([first, other], timeout=20, return_when="FIRST_COMPLETED")
        await asyncio.to_thread(send, sqs, queue_url, 1)
        (last,) = waiting
        await asyncio.wait_for(last, 20)
        return len(done)

    assert asyncio.run(both()) == 1


def test_what_comes_is_left_to_a_run_that_is_at_work(
    sqs: Any, queue_url: str, at_work: dict[str, int], counts: Callable[[str], tuple[int, int]]
) -> None:
    """A stream stays with the task that is awake."""
    at_work["dispatcher"] = 1
    send(sqs, queue_url)

    async def wait() -> int:
        (waiting,) = start(trigger())
        assert await is_waiting(waiting)
        assert await asyncio.to_thread(counts, queue_url) == (1, 0)
        at_work["dispatcher"] = 0
        return int((await asyncio.wait_for(waiting, 20)).payload["count"])

    assert asyncio.run(wait()) == 1


def test_nobody_stands_by_for_long_as_a_worker_at_work_may_be_dead(
    sqs: Any, queue_url: str, at_work: dict[str, int]
) -> None:
    at_work["dispatcher"] = 1
    send(sqs, queue_url)

    async def wait() -> int:
        return int((await asyncio.wait_for(first_event(trigger(grace=0.2)), 20)).payload["count"])

    assert asyncio.run(wait()) == 1


def test_the_next_trigger_knows_since_when_a_worker_may_be_dead(
    sqs: Any, queue_url: str, at_work: dict[str, int]
) -> None:
    """Airflow takes a dead worker for alive for minutes; each event of that time has a trigger of its own."""
    at_work["dispatcher"] = 1
    grace = 2.0

    async def wait() -> float:
        for _ in range(3):
            await asyncio.to_thread(send, sqs, queue_url)
            begin = asyncio.get_running_loop().time()
            await asyncio.wait_for(first_event(trigger(grace=grace, handover=0)), 20)
        return asyncio.get_running_loop().time() - begin

    assert asyncio.run(wait()) < grace


def test_work_that_nobody_has_seen_for_long_may_have_ended(
    sqs: Any, queue_url: str, at_work: dict[str, int]
) -> None:
    """The trigger that saw it was cancelled; the next one begins to count anew."""
    at_work["dispatcher"] = 1
    grace = 1.0

    async def wait() -> float:
        (first,) = start(trigger(grace=grace))
        assert await is_waiting(first, 0.5 * grace)
        first.cancel()
        await asyncio.sleep(1.2 * grace)
        await asyncio.to_thread(send, sqs, queue_url)
        begin = asyncio.get_running_loop().time()
        await asyncio.wait_for(first_event(trigger(grace=grace)), 20)
        return asyncio.get_running_loop().time() - begin

    assert asyncio.run(wait()) >= grace


def test_with_the_default_settings_that_takes_less_than_ninety_seconds() -> None:
    timing = SqsEventTrigger.timing

    assert timing.handover + timing.grace + timing.check + timing.suspicion < 90


def test_an_airflow_that_does_not_answer_keeps_nobody_from_listening(
    sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervise(monkeypatch, Refusing())
    send(sqs, queue_url)

    assert asyncio.run(first_event(trigger())).payload["count"] == 1
