"""The watching trigger against an SQS over HTTP and an Airflow in memory."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import ConfigError
from airflow_provider_hybrid.triggers import budget, handover, watch
from airflow_provider_hybrid.triggers.dispatcher import DispatcherTrigger
from airflow_provider_hybrid.triggers.event import MessagesEvent, read_messages
from airflow_provider_hybrid.triggers.queue import SqsQueueTrigger
from airflow_provider_hybrid.triggers.watch import WatchingTrigger
from tests.unit.dispatching import configure
from tests.unit.supervisor import Supervisor

Counts = Callable[[str], tuple[int, int]]
ROUTES = [{"name": "all", "event_pattern": {"source": [{"prefix": ""}]}, "trigger_dag_id": "dag"}]


class Store:
    """The asset's state: up to when a run took what was yielded."""

    def __init__(self) -> None:
        self.taken_up_to = 0.0

    async def aget(self, key: str, default: float) -> float:
        assert key == "taken_up_to"
        return self.taken_up_to


@pytest.fixture(autouse=True)
def quick(supervisor: Supervisor, queue_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "SPREAD", 0)
    monkeypatch.setattr(watch, "BURST", 0.05)
    monkeypatch.setattr(handover, "SOONEST", 0.05)
    monkeypatch.setattr(watch, "TRY_AGAIN", 0.05)
    monkeypatch.setattr(watch, "PAUSE", 0.05)
    configure(monkeypatch, queue_url, routes=ROUTES, wait_time_seconds=1)


def send(sqs: Any, queue_url: str, *bodies: str) -> None:
    for body in bodies:
        sqs.send_message(QueueUrl=queue_url, MessageBody=body)


def entries(number: int) -> list[dict[str, str]]:
    return [{"Id": str(place), "MessageBody": "{}"} for place in range(number)]


def bodies(event: MessagesEvent) -> list[str]:
    return sorted(message.body for message in read_messages(event.payload))


def call_event(monkeypatch: pytest.MonkeyPatch, of: Any, method: str, times: int) -> asyncio.Event:
    """Give an event that is set once a method was called so often, in whatever thread."""
    loop, called, original, left = asyncio.get_running_loop(), asyncio.Event(), getattr(of, method), [times]

    def count(*arguments: Any) -> Any:
        left[0] -= 1
        if not left[0]:
            loop.call_soon_threadsafe(called.set)
        return original(*arguments)

    monkeypatch.setattr(of, method, count)
    return called


class Watching:
    """A trigger at work, and the state that tasks share with it."""

    def __init__(self, trigger: WatchingTrigger[Any] | None = None) -> None:
        self.trigger = trigger or DispatcherTrigger("hybrid_dispatcher", "hybrid_dispatcher")
        self.store = Store()
        self.trigger.asset_state_store = self.store  # type: ignore[assignment]

    async def __aenter__(self) -> Watching:
        self.events: AsyncIterator[Any] = self.trigger.run()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.events.aclose()  # type: ignore[attr-defined]

    def take(self, event: MessagesEvent) -> None:
        """Do what a run of the dispatcher does first."""
        self.store.taken_up_to = event.payload["received_at"]

    async def next(self) -> MessagesEvent:
        event = await asyncio.wait_for(anext(self.events), 20)
        assert isinstance(event, MessagesEvent)
        return event


def test_it_is_made_again_from_what_it_serializes() -> None:
    trigger = DispatcherTrigger(config_variable="orders", dag_id="order_dispatcher")

    path, arguments = trigger.serialize()

    assert path == "airflow_provider_hybrid.triggers.dispatcher.DispatcherTrigger"
    assert DispatcherTrigger(**json.loads(json.dumps(arguments))).serialize() == (path, arguments)


def test_those_that_start_together_do_not_poll_in_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred answers at the same moment would block the triggerer's event loop."""
    monkeypatch.setattr(watch, "SPREAD", 1)
    began: list[float] = []

    def begin(_: DispatcherTrigger) -> None:
        began.append(time.monotonic())
        raise ConfigError("enough is known")

    monkeypatch.setattr(DispatcherTrigger, "read_config", begin)

    async def start(number: int) -> None:
        async with AsyncExitStack() as stack:
            triggers = [await stack.enter_async_context(Watching()) for _ in range(number)]
            await asyncio.gather(*(trigger.next() for trigger in triggers))

    asyncio.run(start(20))
    assert max(began) - min(began) > 0.3


def test_it_yields_batch_after_batch_and_deletes_nothing(sqs: Any, queue_url: str, counts: Counts) -> None:
    async def two_batches() -> list[list[str]]:
        async with Watching() as watching:
            send(sqs, queue_url, "1", "2")
            first = await watching.next()
            watching.take(first)
            send(sqs, queue_url, "3")
            return [bodies(first), bodies(await watching.next())]

    assert asyncio.run(two_batches()) == [["1", "2"], ["3"]]
    assert counts(queue_url) == (0, 3)


@pytest.mark.parametrize(("number", "yielded"), [(11, 12), (10, 10)])
def test_a_burst_is_not_torn_apart(
    sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch, number: int, yielded: int
) -> None:
    """Whoever sends is not always as quick as who receives; a few messages do not wait for others."""
    monkeypatch.setattr(watch, "BURST", 10.0)
    send(sqs, queue_url, *(["{}"] * number))

    async def first_batch() -> int:
        async with Watching() as watching:
            held = call_event(monkeypatch, handover.Handover, "hold", 1)
            batch = asyncio.create_task(watching.next())
            await held.wait()
            send(sqs, queue_url, "{}")
            return int((await batch).payload["count"])

    assert asyncio.run(first_batch()) == yielded


@pytest.mark.parametrize("max_messages", [2000, 11], ids=["", "full"])
def test_a_burst_that_is_over_waits_for_nothing(
    sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch, max_messages: int
) -> None:
    monkeypatch.setattr(watch, "PAUSE", 60.0)
    configure(monkeypatch, queue_url, routes=ROUTES, wait_time_seconds=20, max_messages=max_messages)
    send(sqs, queue_url, *(["{}"] * 11))

    async def first_batch() -> int:
        async with Watching() as watching:
            return int((await watching.next()).payload["count"])

    assert asyncio.run(first_batch()) == 11


def test_what_no_run_took_it_keeps_invisible_and_reminds_airflow_of(
    sqs: Any, queue_url: str, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise it would come again and again while Airflow is slow, and be taken for poison."""
    monkeypatch.setattr(handover, "REMIND", 2.0)
    configure(monkeypatch, queue_url, routes=ROUTES, wait_time_seconds=1, visibility_timeout=10)

    async def until_reminded() -> list[int]:
        async with Watching() as watching:
            send(sqs, queue_url, "1")
            batch = await watching.next()
            (message,) = read_messages(batch.payload)
            sqs.change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=message.receipt_handle, VisibilityTimeout=4
            )
            return [batch.payload["count"], *[(await watching.next()).payload["count"] for _ in range(2)]]

    assert asyncio.run(until_reminded()) == [1, 0, 0], "a batch and two reminders, no second delivery"
    assert counts(queue_url) == (0, 1)


async def arrive_meanwhile(
    watching: Watching, sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> list[list[str]]:
    """Let messages arrive while a batch is under way; take it when the trigger has looked often enough."""
    send(sqs, queue_url, "1")
    first = await watching.next()
    all_held, hold = asyncio.Event(), handover.Handover.hold

    def hold_and_tell(self: handover.Handover, messages: list[Message], now: float) -> None:
        hold(self, messages, now)
        if len(self.held) == 3:
            all_held.set()

    monkeypatch.setattr(handover.Handover, "hold", hold_and_tell)
    waiting = asyncio.create_task(watching.next())
    for body in "234":
        send(sqs, queue_url, body)
    await asyncio.wait_for(all_held.wait(), 20)
    looked_often = call_event(monkeypatch, watch, "_wait", 3)
    await asyncio.wait_for(looked_often.wait(), 20)
    assert not waiting.done()
    watching.take(first)
    return [bodies(first), bodies(await waiting)]


@pytest.mark.parametrize("runs", [[4, 4], [None, 4], [4, None]], ids=str)
def test_what_arrives_before_there_is_a_run_for_the_last_batch_becomes_the_next(
    sqs: Any,
    queue_url: str,
    supervisor: Supervisor,
    monkeypatch: pytest.MonkeyPatch,
    runs: list[int | None],
) -> None:
    """Airflow may let an event wait that is stored before it has started a run for the one before."""
    before, after = runs

    async def with_earlier_runs() -> list[list[str]]:
        supervisor.existing = {"hybrid_dispatcher": before}
        handed_over = call_event(monkeypatch, handover.Handover, "hand_over", 1)
        async with Watching() as watching:
            arriving = asyncio.create_task(arrive_meanwhile(watching, sqs, queue_url, monkeypatch))
            await asyncio.wait_for(handed_over.wait(), 20)
            supervisor.existing = {"hybrid_dispatcher": after}
            return await arriving

    assert asyncio.run(with_earlier_runs()) == [["1"], ["2", "3", "4"]]


def test_a_trigger_that_knows_no_dag_goes_by_what_a_run_took(
    sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def without_a_dag() -> list[list[str]]:
        async with Watching(SqsQueueTrigger(queue_url=queue_url, wait_time_seconds=1)) as watching:
            return await arrive_meanwhile(watching, sqs, queue_url, monkeypatch)

    assert asyncio.run(without_a_dag()) == [["1"], ["2", "3", "4"]]


def test_the_next_batch_goes_once_there_is_a_run_for_the_last_though_no_worker_took_it(
    sqs: Any, queue_url: str, supervisor: Supervisor
) -> None:
    supervisor.existing = {"hybrid_dispatcher": 4}

    async def start_a_run() -> list[list[str]]:
        async with Watching() as watching:
            send(sqs, queue_url, "1")
            first = await watching.next()
            send(sqs, queue_url, "2")
            supervisor.existing = {"hybrid_dispatcher": 5}
            return [bodies(first), bodies(await watching.next())]

    assert asyncio.run(start_a_run()) == [["1"], ["2"]]


def test_a_full_batch_waits_and_the_rest_stays_in_the_queue(
    sqs: Any, queue_url: str, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, queue_url, routes=ROUTES, wait_time_seconds=1, max_messages=1)

    async def wait_for_airflow() -> None:
        async with Watching() as watching:
            send(sqs, queue_url, "1", "2", "3")
            await watching.next()
            waiting = asyncio.create_task(watching.next())
            looked_often = call_event(monkeypatch, watch, "_wait", 5)
            await asyncio.wait_for(looked_often.wait(), 20)
            assert not waiting.done()
            assert counts(queue_url) == (1, 2)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)

    asyncio.run(wait_for_airflow())


def test_while_the_dags_are_full_it_receives_nothing(
    sqs: Any, queue_url: str, counts: Counts, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor.queued = {"dag": 501}
    send(sqs, queue_url, "1")

    async def make_room() -> MessagesEvent:
        async with Watching() as watching:
            counted_often = call_event(monkeypatch, supervisor, "send", 5)
            waiting = asyncio.create_task(watching.next())
            await asyncio.wait_for(counted_often.wait(), 20)
            assert counts(queue_url) == (1, 0)
            supervisor.queued = {}
            return await waiting

    assert bodies(asyncio.run(make_room())) == ["1"]


def test_a_long_poll_that_began_with_little_room_leaves_nothing_behind(
    sqs: Any, queue_url: str, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It began when four of ten runs had just been asked for; meanwhile they are through."""
    monkeypatch.setattr(budget, "FRESH", 0.0)
    configure(monkeypatch, queue_url, routes=ROUTES, max_queued_runs=10)

    async def use_the_room() -> None:
        async with Watching() as watching:
            supervisor.active = {"hybrid_dispatcher": 1}
            sqs.send_message_batch(QueueUrl=queue_url, Entries=entries(4))
            came = 0
            while came < 4:
                event = await watching.next()
                watching.take(event)
                came += event.payload["count"]
            waiting = asyncio.create_task(watching.next())
            taken = call_event(monkeypatch, handover.Handover, "taken", 1)
            await asyncio.wait_for(taken.wait(), 20)
            supervisor.active = {}
            all_came, hold = asyncio.Event(), handover.Handover.hold

            def hold_and_tell(self: handover.Handover, messages: list[Message], now: float) -> None:
                nonlocal came
                hold(self, messages, now)
                came += len(messages)
                if came == 14:
                    all_came.set()

            monkeypatch.setattr(handover.Handover, "hold", hold_and_tell)
            sqs.send_message_batch(QueueUrl=queue_url, Entries=entries(10))
            await waiting
            another = asyncio.create_task(watching.next())
            await asyncio.wait_for(all_came.wait(), 20)
            another.cancel()
            await asyncio.gather(another, return_exceptions=True)

    asyncio.run(use_the_room())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"routes": []}, ["hybrid_dispatcher", "routes"]),
        ({"aws_conn_id": "aws_nowhere"}, ["No AWS credentials"]),
    ],
)
def test_what_somebody_must_mend_is_told_once_and_it_goes_on_by_itself(
    sqs: Any, queue_url: str, changes: dict[str, Any], words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_NOWHERE", '{"conn_type": "aws", "extra": {"region_name": "x"}}')
    configure(monkeypatch, queue_url, **{"routes": ROUTES, **changes})
    send(sqs, queue_url, "1")

    async def mend() -> list[MessagesEvent]:
        async with Watching() as watching:
            tried_often = call_event(monkeypatch, watching.trigger, "read_config", 4)
            failure = await watching.next()
            waiting = asyncio.create_task(watching.next())
            await asyncio.wait_for(tried_often.wait(), 20)
            assert not waiting.done()
            configure(monkeypatch, queue_url, routes=ROUTES, wait_time_seconds=1)
            return [failure, await waiting]

    failure, batch = asyncio.run(mend())

    assert [word for word in words if word not in failure.payload["error"]] == []
    assert (failure.payload["count"], bodies(batch)) == (0, ["1"])


def test_another_configuration_has_its_effect_with_the_next_messages(
    sqs: Any, queue_url: str, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came meanwhile goes back at once."""
    other = sqs.create_queue(QueueName="other")["QueueUrl"]

    async def change() -> MessagesEvent:
        async with Watching() as watching:
            send(sqs, queue_url, "1")
            watching.take(await watching.next())
            configure(monkeypatch, other, routes=ROUTES, wait_time_seconds=1)
            send(sqs, queue_url, "2")
            send(sqs, other, "3")
            return await watching.next()

    event = asyncio.run(change())

    assert (event.payload["queue_url"], bodies(event)) == (other, ["3"])
    assert counts(queue_url) == (1, 1)


def test_cancelled_it_gives_back_what_it_has_not_handed_over(
    sqs: Any, queue_url: str, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = MessagesEvent.batch

    async def cancel() -> None:
        reached = asyncio.Event()

        async def never(*_: Any) -> MessagesEvent:
            reached.set()
            await asyncio.Event().wait()
            return await batch("", [])

        monkeypatch.setattr(MessagesEvent, "batch", never)
        async with Watching() as watching:
            waiting = asyncio.create_task(watching.next())
            await reached.wait()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    send(sqs, queue_url, "1")
    asyncio.run(cancel())

    assert counts(queue_url) == (1, 0)
