"""The trigger against an SQS over HTTP."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.execution_time.comms import GetDRCount

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs import receiver
from airflow_provider_hybrid.triggers.event import MAX_EVENT_BYTES, MessagesEvent, read_messages
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
from airflow_provider_hybrid.triggers.timing import Timing
from tests.harness.dispatching import configure as set_dispatcher
from tests.harness.dispatching import first_event
from tests.harness.proxy import Proxy
from tests.harness.supervising import Refusing, supervise
from tests.harness.supervisor import Supervisor

ROUTES = [{"name": "all", "event_pattern": {"source": [{"prefix": ""}]}, "trigger_dag_id": "dag"}]

Counts = Callable[[str], tuple[int, int]]


Receive = Callable[..., MessagesEvent]


@pytest.fixture
def configure(queue_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the dispatcher's Variable; nothing is counted unless it says so."""

    def set_variable(**changes: Any) -> None:
        arguments = {"queue_url": queue_url, "max_queued_runs": None, "routes": ROUTES, **changes}
        set_dispatcher(monkeypatch, **arguments)

    set_variable()
    return set_variable


@pytest.fixture
def receive(configure: Callable[..., None]) -> Receive:
    """Let a trigger receive, by a Variable with these changes."""

    def run(**changes: Any) -> MessagesEvent:
        configure(**changes)
        return asyncio.run(asyncio.wait_for(first_event(trigger()), 30))

    return run


def trigger(**times: float) -> SqsEventTrigger:
    made = SqsEventTrigger("hybrid_dispatcher")
    made.timing = Timing(**times)
    return made


def messages(event: MessagesEvent) -> list[Message]:
    return read_messages(event.payload)


def fill(sqs: Any, queue_url: str, number: int, body: str = "{}") -> None:
    for start in range(0, number, 10):
        entries = [{"Id": str(index), "MessageBody": body} for index in range(start, min(start + 10, number))]
        sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)


def test_it_is_made_again_from_what_it_serializes() -> None:
    made = SqsEventTrigger("orders", dag_ids=["a", "b"], delay_seconds=8)

    path, arguments = made.serialize()

    assert path == "airflow_provider_hybrid.triggers.sqs.SqsEventTrigger"
    assert SqsEventTrigger(**json.loads(json.dumps(arguments))).serialize() == (path, arguments)


def test_one_event_carries_all_that_is_there(
    receive: Receive, sqs: Any, queue_url: str, counts: Counts
) -> None:
    fill(sqs, queue_url, 37)

    event = receive()

    # A standard queue, and moto's under concurrent receives, may hand out a message twice.
    assert len({message.message_id for message in messages(event)}) == 37
    assert counts(queue_url) == (0, 37), "nothing is deleted"


def test_a_message_arrives_whole(receive: Receive, sqs: Any, queue_url: str) -> None:
    sqs.send_message(
        QueueUrl=queue_url,
        MessageBody='{"é": "\\u0000"}',
        MessageAttributes={"__classname__": {"DataType": "String", "StringValue": "os.system"}},
    )

    (message,) = messages(receive())

    assert message.body == '{"é": "\\u0000"}'
    assert message.message_attributes["__classname__"]["StringValue"] == "os.system"
    assert message.attributes["ApproximateReceiveCount"] == "1"
    assert message.receipt_handle
    assert message.queue_name == "partner-events"


def test_an_events_repr_is_short_and_silent(receive: Receive, sqs: Any, queue_url: str) -> None:
    fill(sqs, queue_url, 10, body="hunter2")

    event = receive()

    assert "hunter2" not in repr(event)
    assert len(repr(event)) < 200
    assert "10" in repr(event)


@pytest.mark.parametrize(("wanted", "got"), [(1, 1), (7, 7), (25, 25)])
def test_a_batch_has_at_most_so_many_messages(
    receive: Receive, sqs: Any, queue_url: str, wanted: int, got: int
) -> None:
    fill(sqs, queue_url, 40)

    assert receive(max_messages=wanted).payload["count"] == got


def test_a_batch_stops_at_its_size(receive: Receive, sqs: Any, queue_url: str) -> None:
    fill(sqs, queue_url, 60, body="x" * (MAX_EVENT_BYTES // 25))

    event = receive()

    assert 10 <= event.payload["count"] <= 25


def test_a_message_that_comes_later_is_waited_for(
    configure: Callable[..., None], sqs: Any, queue_url: str
) -> None:
    configure(wait_time_seconds=5)

    async def send_while_waiting() -> MessagesEvent:
        waiting = asyncio.create_task(first_event(trigger()))
        await asyncio.to_thread(fill, sqs, queue_url, 1)
        return await waiting

    assert asyncio.run(send_while_waiting()).payload["count"] == 1


def test_another_queue_takes_effect_while_it_waits(
    configure: Callable[..., None], sqs: Any, queue_url: str, proxy: Proxy
) -> None:
    """No run of the dispatcher is needed for it."""
    other = sqs.create_queue(QueueName="other")["QueueUrl"]
    fill(sqs, other, 1)
    configure(wait_time_seconds=1)

    async def change_while_waiting() -> MessagesEvent:
        waiting = asyncio.create_task(first_event(trigger(reread=0)))
        with proxy.hold("ReceiveMessage") as held:
            await asyncio.to_thread(held.wait, 10)
        configure(wait_time_seconds=1, queue_url=other)
        return await asyncio.wait_for(waiting, 20)

    assert asyncio.run(change_while_waiting()).payload["queue_url"] == other


def test_a_variable_that_breaks_while_it_waits_is_its_event(
    configure: Callable[..., None], supervisor: Supervisor
) -> None:
    configure(wait_time_seconds=1)

    async def break_while_waiting() -> MessagesEvent:
        waiting = asyncio.create_task(first_event(trigger(reread=0)))
        await asyncio.wait([waiting], timeout=0.5)
        assert not waiting.done()
        configure(rotes=[])
        return await asyncio.wait_for(waiting, 20)

    assert "rotes: unknown key" in asyncio.run(break_while_waiting()).payload["error"]


def test_an_airflow_that_does_not_answer_while_it_waits_changes_nothing(
    configure: Callable[..., None],
    sqs: Any,
    queue_url: str,
    proxy: Proxy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(wait_time_seconds=1)

    async def fall_silent_while_waiting() -> MessagesEvent:
        waiting = asyncio.create_task(first_event(trigger(reread=0)))
        with proxy.hold("ReceiveMessage") as held:
            await asyncio.to_thread(held.wait, 10)
            monkeypatch.delenv("AIRFLOW_VAR_HYBRID_DISPATCHER")
            supervise(monkeypatch, Refusing())
        with proxy.hold("ReceiveMessage") as held:
            await asyncio.to_thread(held.wait, 10)
        await asyncio.to_thread(fill, sqs, queue_url, 1)
        return await asyncio.wait_for(waiting, 20)

    assert asyncio.run(fall_silent_while_waiting()).payload["count"] == 1


def test_an_airflow_that_does_not_answer_at_first_is_asked_again(
    configure: Callable[..., None], sqs: Any, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW_VAR_HYBRID_DISPATCHER")
    asked: list[Any] = []

    def refuse(msg: Any) -> Any:
        asked.append(msg)
        return Refusing().send(msg)

    supervise(monkeypatch, SimpleNamespace(send=refuse))
    fill(sqs, queue_url, 1)

    async def answer_after_a_while() -> MessagesEvent:
        waiting = asyncio.create_task(first_event(trigger(recount=0.05)))
        while len([msg for msg in asked if isinstance(msg, GetDRCount)]) < 2:
            await asyncio.wait([waiting], timeout=0.05)
            assert not waiting.done()
        configure()
        return await asyncio.wait_for(waiting, 20)

    assert asyncio.run(answer_after_a_while()).payload["count"] == 1


def test_a_variable_that_is_missing_is_its_event(
    configure: Callable[..., None], supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW_VAR_HYBRID_DISPATCHER")

    error = asyncio.run(asyncio.wait_for(first_event(trigger()), 20)).payload["error"]

    assert error.startswith("Airflow Variable 'hybrid_dispatcher' does not exist.")


def test_cancelled_while_it_collects_it_releases_what_it_holds(
    configure: Callable[..., None], sqs: Any, queue_url: str, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(max_messages=30)
    fill(sqs, queue_url, 40)

    async def cancel_in_the_middle() -> None:
        collected, go_on = asyncio.Event(), asyncio.Event()
        drain = receiver.BatchReceiver._drain

        async def dawdle(self: receiver.BatchReceiver) -> None:
            await drain(self)
            collected.set()
            await go_on.wait()

        monkeypatch.setattr(receiver.BatchReceiver, "_drain", dawdle)
        task = asyncio.create_task(first_event(trigger()))
        await collected.wait()
        task.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel_in_the_middle())

    assert counts(queue_url) == (40, 0)


@pytest.mark.parametrize(
    ("conn", "queue", "words"),
    [
        ("aws_default", "no-such-queue", ["There is no queue", "no-such-queue"]),
        ("aws_nowhere", "partner-events", ["No AWS credentials", "aws_nowhere"]),
    ],
)
def test_what_somebody_must_mend_is_the_event(
    receive: Receive,
    queue_url: str,
    conn: str,
    queue: str,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(
        "AIRFLOW_CONN_AWS_NOWHERE", '{"conn_type": "aws", "extra": {"region_name": "eu-west-1"}}'
    )
    wrong = queue_url.replace("partner-events", queue)

    event = receive(queue_url=wrong, aws_conn_id=conn)

    assert event.payload["count"] == 0
    assert [word for word in words if word not in event.payload["error"]] == []


LOADS = """
import asyncio, sys, threading
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
imported = [name for name in ("boto3", "botocore", "aiobotocore") if name in sys.modules]
from botocore.loaders import JSONFileLoader

loaded = []
load_file = JSONFileLoader.load_file

def record(self, path):
    loaded.append((path, threading.current_thread() is threading.main_thread()))
    return load_file(self, path)

JSONFileLoader.load_file = record

async def run():
    async for event in SqsEventTrigger("hybrid_dispatcher").run():
        print(event.payload["error"])

asyncio.run(run())
print(imported, len(loaded) > 0, [path for path, on_the_loop in loaded if on_the_loop])
"""


def test_neither_awss_libraries_nor_their_files_are_loaded_on_the_event_loop(
    configure: Callable[..., None], sqs: Any, queue_url: str
) -> None:
    """A process of its own: botocore keeps what it has read once."""
    fill(sqs, queue_url, 1)
    done = subprocess.run([sys.executable, "-c", LOADS], check=True, capture_output=True, text=True)

    error, loaded = done.stdout.splitlines()[-2:]
    assert error == "None"
    assert loaded == "[] True []", "imported with the trigger's module; read at all; read on the loop"
