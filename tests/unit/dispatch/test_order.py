"""The order of launches, and what a refusal holds back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from airflow_provider_hybrid.dispatch.order import Launched, launch_in_order
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch


class Starts:
    """Starts runs, but for some."""

    def __init__(self, *missing: str) -> None:
        self.missing = missing
        self.asked: list[str] = []

    def __call__(self, launch: Launch) -> str:
        self.asked.append(launch.trigger_run_id)
        return "missing" if launch.trigger_dag_id in self.missing else ""


def delivery(number: int, group_id: str | None, *dag_ids: str) -> Delivery:
    attributes = {"MessageGroupId": group_id} if group_id else {}
    launches = tuple(Launch("route", dag_id, f"{dag_id}-{number}", {}, "") for dag_id in dag_ids)
    return Delivery(Message(f"m-{number}", "{}", attributes), launches)


def launch(
    deliveries: list[Delivery],
    starts: Starts,
    *,
    ordered: bool = True,
    last: Callable[[Message], bool] = lambda _: False,
) -> Launched:
    return launch_in_order(deliveries, starts, ordered=ordered, is_last_chance=last)


def test_a_refusal_holds_back_its_own_message_group_and_no_other() -> None:
    starts = Starts("missing")
    deliveries = [
        delivery(0, "one", "a"),
        delivery(1, "one", "missing"),
        delivery(2, "two", "a"),
        delivery(3, "one", "a"),
        delivery(4, "two", "a"),
    ]

    launched = launch(deliveries, starts)

    assert starts.asked == ["a-0", "missing-1", "a-2", "a-4"]
    assert [done.message.message_id for done in launched.done] == ["m-0", "m-2", "m-4"]
    assert {message.message_id: reason for message, reason in launched.refused.items()} == {
        "m-1": "missing",
        "m-3": "waits for message m-1 of its message group",
    }


def test_in_a_standard_queue_a_refusal_holds_back_nothing() -> None:
    """A message group there is for fairness: the order is nobody's promise."""
    deliveries = [delivery(0, "one", "missing"), delivery(1, "one", "a"), delivery(2, None, "a")]

    launched = launch(deliveries, Starts("missing"), ordered=False)

    assert [done.message.message_id for done in launched.done] == ["m-1", "m-2"]


def test_a_run_that_messages_share_is_started_once() -> None:
    starts = Starts()
    shared = Launch("route", "a", "batch", {}, "")

    launched = launch([Delivery(Message(f"m-{number}", "{}"), (shared,)) for number in range(3)], starts)

    assert starts.asked == ["batch"]
    assert len(launched.done) == 3


def test_every_other_run_of_a_refused_message_starts() -> None:
    starts = Starts("missing")

    launched = launch([delivery(0, None, "missing", "a")], starts)

    assert starts.asked == ["missing-0", "a-0"]
    assert len(launched.refused) == 1


def test_a_message_on_its_last_chance_becomes_a_dead_letter_and_holds_back_nobody() -> None:
    deliveries = [delivery(0, "one", "missing", "a"), delivery(1, "one", "a")]

    launched = launch(deliveries, Starts("missing"), last=lambda message: message.message_id == "m-0")

    assert not launched.refused
    first, second = launched.done
    assert first.rejection is not None
    assert (first.rejection.error_type, first.rejection.routes) == ("LaunchError", ("route",))
    assert first.rejection.error_message == "missing"
    assert second.rejection is None


def test_a_message_that_waits_starts_what_it_may_and_is_not_settled() -> None:
    starts = Starts()
    waiting = replace(delivery(0, None, "a"), waits_for="no room")

    launched = launch([waiting, delivery(1, None, "a")], starts)

    assert starts.asked == ["a-0", "a-1"]
    assert {message.message_id: reason for message, reason in launched.waiting.items()} == {"m-0": "no room"}
    assert [done.message.message_id for done in launched.done] == ["m-1"]


def test_a_message_that_waits_holds_back_its_own_message_group() -> None:
    waiting = replace(delivery(0, "one", "a"), waits_for="no room")

    launched = launch([waiting, delivery(1, "one", "a"), delivery(2, "two", "a")], Starts())

    assert [message.message_id for message in launched.waiting] == ["m-0", "m-1"]
    assert not launched.refused, "nobody has to mend anything"
    assert [done.message.message_id for done in launched.done] == ["m-2"]
