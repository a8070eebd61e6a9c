"""What a batch asks for, and what of it there is room for."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.dispatch.plan import FEW, Planner
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.room import Room, RouteLimit

NOW = 1_800_000_000.0
URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"


def config(**fields: Any) -> DispatcherConfig:
    """Each event says which DAG it wants."""
    route = {
        "name": "orders",
        "event_pattern": {"detail": {"dag": [{"exists": True}]}},
        "trigger_dag_id": "{{ event.detail.dag }}",
    }
    return parse_config(json.dumps({"queue_url": URL, "routes": [route], **fields}))


def messages(dags: str, group: str | None = None) -> list[Message]:
    attributes = {"MessageGroupId": group} if group else {}
    return [Message(f"m-{place}", json.dumps({"dag": dag}), attributes) for place, dag in enumerate(dags)]


def ids(deliveries: Any) -> str:
    return "".join(delivery.dag_ids[0] for delivery in deliveries)


def test_messages_for_one_dag_are_one_group() -> None:
    plan = Planner(config(), ordered=False).plan(messages("abab"), None, NOW)

    assert [ids(group) for group in plan.groups] == ["aa", "bb"]
    assert plan.runs == 4
    assert plan.surplus == []


def test_a_message_group_of_a_fifo_queue_stays_whole() -> None:
    plan = Planner(config(), ordered=True).plan(messages("ab", group="acme"), None, NOW)

    assert [ids(group) for group in plan.groups] == ["ab"]


def test_what_its_dag_has_no_room_for_waits_and_the_others_are_planned() -> None:
    received = messages("aabba")

    room = Room({"a": 2}, {"orders": RouteLimit(None, 3)})
    plan = Planner(config(), ordered=False).plan(received, room, NOW)

    assert ids(plan.deliveries) == "abb"
    assert [delivery.message for delivery in plan.waiting] == [received[1], received[4]]
    assert plan.full == {"a"}


def test_what_all_dags_together_leave_no_room_for_is_surplus() -> None:
    received = messages("aaaaa")

    plan = Planner(config(), ordered=False).plan(received, Room({"a": 0}, {}, 3), NOW)

    assert ids(plan.deliveries) == "aaa"
    assert [delivery.message for delivery in plan.surplus] == received[3:]


def test_where_there_is_no_room_at_all_everything_is_surplus() -> None:
    received = messages("ab")

    plan = Planner(config(), ordered=False).plan(received, Room({"a": 3}, {}, 4), NOW)

    assert not plan.groups
    assert [delivery.message for delivery in plan.surplus] == received


@pytest.mark.parametrize(
    ("dags", "stays", "handed_on"),
    [
        ("a" + "b" * (FEW - 1), {"a": 1, "b": FEW - 1}, []),
        ("a" + "b" * FEW, {"a": 1}, [FEW]),
        ("a" * (FEW + 1), {"a": FEW + 1}, []),
        ("a" * 300 + "b", {"b": 1, "a": 50}, [250]),
        ("a" * FEW * 2 + "b" * FEW * 2, {}, [2 * FEW, 2 * FEW]),
    ],
    ids=["few", "more", "more in a single group", "a large DAG beside a small one", "no small one"],
)
def test_the_smallest_groups_and_a_single_group_stay_with_the_task(
    dags: str, stays: dict[str, int], handed_on: list[int]
) -> None:
    few, many = Planner(config(), ordered=False).plan(messages(dags), None, NOW).split()

    assert Counter(ids(few)) == stays
    assert [len(group) for group in many] == handed_on


def test_what_would_be_handed_on_waits_unless_it_may_not() -> None:
    received = messages("b" + "a" * FEW)
    plan = Planner(config(), ordered=False).plan(received, None, NOW)

    spread = plan.put_off(
        lambda each: None if each.message == received[-1] else each.put_off_until(NOW + 9, "busy")
    )

    assert [each.message for each in spread.deliveries] == [received[0], received[-1]]
    assert [each.message for each in spread.waiting] == received[1:-1]
    waits = spread.waiting[0]
    assert (waits.launches, len(waits.later), waits.waits_for, waits.returns_at) == ((), 1, "busy", NOW + 9)


def test_a_run_that_messages_share_does_not_wait_as_they_would_come_back_one_by_one() -> None:
    shared = {
        "name": "shared",
        "event_pattern": {"detail": {"dag": [{"exists": True}]}},
        "trigger_dag_id": "{{ event.detail.dag }}",
        "batch": {"max_events": 2},
    }
    received = messages("b" + "a" * 3 * FEW)
    plan = Planner(config(routes=[shared]), ordered=False).plan(received, None, NOW)

    spread = plan.put_off(lambda each: each.put_off_until(NOW + 9, "busy"))

    assert [each.message for each in spread.deliveries] == received
    assert spread.waiting == []


def test_only_messages_tell_which_dags_a_templated_route_means() -> None:
    assert Planner(config(), ordered=False).dag_ids(messages("ab")) == {"a", "b"}


def test_what_is_no_event_asks_for_no_run_and_is_in_a_group_all_the_same() -> None:
    (rubbish,) = [Message("m-1", "rubbish")]
    planner = Planner(config(), ordered=False)

    assert planner.runs_of(rubbish) == 0
    assert [delivery.message for delivery in planner.plan([rubbish], None, NOW).deliveries] == [rubbish]


def test_a_wait_for_room_leaves_the_receives_that_a_later_run_needs() -> None:
    """Else the run that is due in an hour would start early, because its neighbour's DAG is full."""
    late = {
        "name": "late",
        "event_pattern": {"detail": {"dag": ["a"]}},
        "trigger_dag_id": "b",
        "delay_seconds": 3600,
    }
    routes = [{"name": "full", "event_pattern": {"detail": {"dag": ["a"]}}, "trigger_dag_id": "a"}, late]
    sent = {"SentTimestamp": str(int(NOW * 1000)), "ApproximateReceiveCount": "3"}
    message = Message("m", json.dumps({"dag": "a"}), sent)
    asked: list[int] = []

    def may_wait(_: Message, reserved: int) -> bool:
        asked.append(reserved)
        return reserved == 0

    room = Room({"a": 3}, {"full": RouteLimit("a", 3), "late": RouteLimit("b", 3)})
    plan = Planner(config(routes=routes), ordered=False).plan([message], room, NOW, may_wait)

    (delivery,) = plan.deliveries
    assert asked == [0, 1]
    assert [launch.route for launch in delivery.launches] == ["full"], (
        "it is launched although its DAG is full"
    )
    assert [launch.route for launch in delivery.later] == ["late"]
