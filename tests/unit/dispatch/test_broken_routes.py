"""A dispatcher some of whose routes are broken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_hybrid.compat.task import failure_without_retry
from airflow_provider_hybrid.exceptions import ConfigError
from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger
from airflow_provider_hybrid.triggers.timing import Timing
from tests.harness.dispatching import CONTEXT, first_event
from tests.harness.dispatching import configure as set_dispatcher
from tests.harness.supervising import Refusing, supervise
from tests.harness.supervisor import Supervisor

Counts = Callable[[str], tuple[int, int]]
Dispatch = Callable[[], dict[str, Any]]


def route(name: str, **changes: Any) -> dict[str, Any]:
    pattern = {"detail": {"partner": [name]}}
    return {"name": name, "event_pattern": pattern, "trigger_dag_id": f"dag_{name}", **changes}


@pytest.fixture(autouse=True)
def configure(queue_url: str, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the Variable: a valid route to DAG `dag_a`, one with a fault beside its pattern, one with none."""
    supervisor.dag_ids = {"dag_a", "dag_b"}

    def set_variable(*routes: dict[str, Any], **changes: Any) -> None:
        broken = (route("b", confs={}), route("c", event_pattern={"detail": 7}))
        arguments = {"wait_time_seconds": 1, "routes": [route("a"), *(routes or broken)], **changes}
        set_dispatcher(monkeypatch, queue_url, **arguments)

    set_variable()
    return set_variable


@pytest.fixture
def dispatch() -> Dispatch:
    """Let the triggers of a dispatcher yield events, one after the other, in one triggerer."""
    timing = Timing(tell=1000, handover=0, reread=0)

    async def first() -> dict[str, Any]:
        made = SqsEventTrigger("hybrid_dispatcher")
        made.timing = timing
        event = await asyncio.wait_for(first_event(made), 30)
        payload: dict[str, Any] = event.payload
        return payload

    async def told_and_then() -> dict[str, Any]:
        told = await first()
        assert told["error"]
        return await first()

    return lambda: asyncio.run(told_and_then())


def send(sqs: Any, queue_url: str, *partners: str) -> None:
    for partner in partners:
        sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps({"partner": partner}))


def launch(event: dict[str, Any]) -> None:
    SqsEventSensor(task_id="listen", launch_at_once=True).execute_complete(CONTEXT, event)


def test_the_valid_routes_go_on_and_what_no_route_wants_stays(
    dispatch: Dispatch,
    supervisor: Supervisor,
    sqs: Any,
    queue_url: str,
    dead_letter_queue_url: str,
    counts: Counts,
    configure: Callable[..., None],
) -> None:
    configure(dead_letter_queue_url=dead_letter_queue_url)
    send(sqs, queue_url, "a", "b", "c", "nobody")

    launch(dispatch())

    assert [dag_id for dag_id, _ in supervisor.runs] == ["dag_a"]
    assert counts(queue_url) == (0, 3)
    assert counts(dead_letter_queue_url) == (0, 0)
    (lines,) = [xcom.value for xcom in supervisor.xcoms if "_waiting_" in xcom.key]
    assert len(lines) == 3
    assert all("routes[1].confs: unknown key, did you mean 'conf'?" in line["reason"] for line in lines)


@pytest.mark.parametrize("unmatched", ["delete", "leave", "dead_letter"])
def test_whatever_is_to_be_done_with_unmatched_messages_they_wait(
    unmatched: str,
    dispatch: Dispatch,
    sqs: Any,
    queue_url: str,
    counts: Counts,
    configure: Callable[..., None],
) -> None:
    configure(unmatched=unmatched)
    send(sqs, queue_url, "nobody")

    launch(dispatch())

    assert counts(queue_url) == (0, 1)


def test_nothing_waits_for_a_broken_route_that_is_switched_off(
    sqs: Any, queue_url: str, counts: Counts, configure: Callable[..., None]
) -> None:
    """Nobody is told of it every minute: `hybrid validate` names its fault."""
    configure(route("b", confs={}, enabled=False), unmatched="delete")
    send(sqs, queue_url, "b")

    event = asyncio.run(asyncio.wait_for(first_event(SqsEventTrigger("hybrid_dispatcher")), 30)).payload
    assert not event["error"]
    launch(event)
    assert counts(queue_url) == (0, 0)


def test_an_event_that_a_broken_route_wants_too_starts_its_other_runs_and_stays(
    dispatch: Dispatch,
    supervisor: Supervisor,
    sqs: Any,
    queue_url: str,
    counts: Counts,
    configure: Callable[..., None],
) -> None:
    """Its pattern can be read. Once the route is mended, the event has a run of it, too."""
    configure(route("b", event_pattern={"detail": {"partner": ["a"]}}, confs={}))
    send(sqs, queue_url, "a")

    event = dispatch()
    launch(event)
    assert [dag_id for dag_id, _ in supervisor.runs] == ["dag_a"]
    assert counts(queue_url) == (0, 1)

    configure(route("b", event_pattern={"detail": {"partner": ["a"]}}))
    launch(event)
    assert [dag_id for dag_id, _ in supervisor.runs] == ["dag_a", "dag_b"]
    assert counts(queue_url) == (0, 0)


def test_the_fault_is_told_first_and_then_not_again_for_a_while(sqs: Any, queue_url: str) -> None:
    made = SqsEventTrigger("hybrid_dispatcher")
    made.timing = Timing(tell=0, handover=0)
    send(sqs, queue_url, "a")

    payload = asyncio.run(first_event(made)).payload

    assert payload["goes_on"]
    assert payload["error"].startswith(
        "Routes have 2 fault(s), and the other routes go on:\n- routes[1].confs"
    )


def test_it_is_told_again_while_nothing_comes() -> None:
    made = SqsEventTrigger("hybrid_dispatcher")
    made.timing = Timing(tell=0.5, handover=0, reread=0)

    async def twice() -> list[str]:
        return [
            (await asyncio.wait_for(first_event(made), 30)).payload["error"].split("\n")[0] for _ in range(2)
        ]

    assert asyncio.run(twice()) == ["Routes have 2 fault(s), and the other routes go on:"] * 2


def test_the_task_fails_with_it_and_is_not_tried_again(supervisor: Supervisor) -> None:
    """A retry would tell the same again, half a minute later."""
    made = SqsEventTrigger("hybrid_dispatcher")
    event = asyncio.run(first_event(made)).payload

    with pytest.raises(type(failure_without_retry("")), match=r"routes\[2\].event_pattern"):
        launch(event)

    assert [xcom.value for xcom in supervisor.xcoms if xcom.key.startswith("hybrid_error_")]


def test_a_sensor_that_polls_by_itself_fails_with_it_once_nothing_comes(
    supervisor: Supervisor, sqs: Any, queue_url: str
) -> None:
    send(sqs, queue_url, "a")
    poking = SqsEventSensor(task_id="listen", deferrable=False, launch_at_once=True)

    assert poking.poke(CONTEXT).is_done
    with pytest.raises(ConfigError, match="Routes have 2 fault"):
        poking.poke(CONTEXT)


def test_an_included_variable_that_seems_to_be_missing_as_airflow_does_not_answer_is_no_fault(
    configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Airflow 3.3 takes a Variable for missing if its API server does not answer."""
    configure(route("d"), include=["team_b"])
    supervise(monkeypatch, Refusing())
    made = SqsEventTrigger("hybrid_dispatcher")

    async def waits() -> bool:
        waiting = asyncio.create_task(first_event(made))
        await asyncio.wait([waiting], timeout=0.5)
        return not waiting.done() and bool(waiting.cancel())

    assert asyncio.run(waits())
