"""How many messages a watching trigger may receive."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest

from airflow_provider_hybrid.config import DispatcherConfig
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.triggers import budget as budget_module
from airflow_provider_hybrid.triggers.budget import Budget, Unlimited
from airflow_provider_hybrid.triggers.dispatcher import DispatcherTrigger
from airflow_provider_hybrid.triggers.handover import Handover
from tests.unit.supervisor import Supervisor


def config(*batches: int | None, **changes: Any) -> DispatcherConfig:
    routes = [
        {
            "name": f"r{place}",
            "event_pattern": {"source": ["a"]},
            "trigger_dag_id": f"dag_{place}",
            **({"batch": {"max_events": size}} if size else {}),
        }
        for place, size in enumerate(batches or (None,))
    ]
    document = {"queue_url": "https://sqs/1/q", "max_queued_runs": 10, "routes": routes, **changes}
    return DispatcherConfig.model_validate(document)


def budget(of: DispatcherConfig, handover: Handover | None = None) -> Budget | Unlimited:
    handover = handover or Handover(visibility_timeout=30)
    return DispatcherTrigger("variable", "dispatcher").budget(of, handover)


def messages(budget: Budget | Unlimited) -> int:
    asyncio.run(budget.refresh())
    return budget.messages


def test_it_is_what_the_dags_have_room_for(supervisor: Supervisor) -> None:
    supervisor.queued = {"dag_0": 2, "dag_1": 1}

    assert messages(budget(config(None, None))) == 7


def test_what_was_handed_over_is_taken_off_without_another_count(supervisor: Supervisor) -> None:
    of = budget(config())
    assert messages(of) == 10

    of.spend(4)

    supervisor.active = {"dispatcher": 1}
    assert messages(of) == 6
    assert supervisor.counted == ["dag_0"]


def test_while_something_is_under_way_nothing_is_counted_and_nothing_received(supervisor: Supervisor) -> None:
    """Runs that are not there yet cannot be counted."""
    handover = Handover(visibility_timeout=30)
    of = budget(config(), handover)
    messages(of)
    of.spend(10)

    handover.hold([Message("m-1", "{}")], now=1)
    handover.hand_over(1, now=1)
    assert messages(of) == 0, "no run took it"

    handover.taken(1)
    supervisor.active = {"dispatcher": 1}
    assert messages(of) == 0, "a run of the dispatcher is launching"

    supervisor.active = {}
    supervisor.queued = {"dag_0": 5}
    assert messages(of) == 5, "counted anew"


def test_once_all_is_launched_it_is_counted_anew(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs that have started since leave room again."""
    of = budget(config())
    messages(of)
    of.spend(4)

    assert messages(of) == 6, "that was just now"
    monkeypatch.setattr(budget_module, "FRESH", 0.0)
    assert messages(of) == 10
    assert not of.is_unsettled


def test_full_it_asks_again_each_time(supervisor: Supervisor) -> None:
    supervisor.queued = {"dag_0": 6}
    of = budget(config())

    assert (messages(of), messages(of)) == (0, 0)
    supervisor.queued = {}
    assert messages(of) == 10


def test_without_a_limit_nothing_is_counted(supervisor: Supervisor) -> None:
    assert messages(budget(config(max_queued_runs=None))) == sys.maxsize
    assert supervisor.counted == []


@pytest.mark.parametrize(("batches", "expected"), [((500,), 5000), ((500, 20), 200), ((500, None), 10)])
def test_where_many_messages_are_one_run_there_is_room_for_many(
    supervisor: Supervisor, batches: tuple[int | None, ...], expected: int
) -> None:
    assert messages(budget(config(*batches))) == expected
