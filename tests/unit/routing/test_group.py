"""The groups in which a batch is launched and settled."""

from __future__ import annotations

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.group import count_runs_of, group_deliveries
from airflow_provider_hybrid.routing.launch import Launch


def launching(*dag_ids: str, number: int = 0, group_id: str = "g") -> Delivery:
    return Delivery(
        Message(f"m-{number}", "{}", {"MessageGroupId": group_id}),
        tuple(Launch("r", dag_id, f"r{number}-{place}", {}, "") for place, dag_id in enumerate(dag_ids)),
    )


def shape(groups: list[list[Delivery]]) -> list[tuple[tuple[str, ...], int]]:
    return [(group[0].dag_ids, len(group)) for group in groups]


def test_a_group_is_one_dag_or_one_set_of_dags() -> None:
    deliveries = [launching("b"), launching("a"), launching("a", "b"), launching("b"), launching("b", "a")]

    assert shape(list(group_deliveries(deliveries))) == [(("a",), 1), (("a", "b"), 2), (("b",), 2)]


def test_a_group_starts_at_most_so_many_runs() -> None:
    deliveries = [launching("a", number=number) for number in range(250)]

    groups = list(group_deliveries(deliveries, max_launches=100))

    assert [len(group) for group in groups] == [100, 100, 50]
    assert [delivery for group in groups for delivery in group] == deliveries


def test_a_message_is_never_split() -> None:
    deliveries = [launching("a"), launching(*["a"] * 5), launching("a")]

    assert [len(group) for group in group_deliveries(deliveries, max_launches=3)] == [1, 1, 1]


def test_nothing_makes_no_group() -> None:
    assert list(group_deliveries([])) == []


def test_messages_that_share_a_run_stay_together() -> None:
    shared = Launch("r", "a", "r__batch", {}, "")

    (group,) = group_deliveries([Delivery(Message(f"m-{n}", ""), (shared,)) for n in range(500)])

    assert len(group) == 500


def test_messages_without_a_run_are_settled_in_groups_too() -> None:
    deliveries = [Delivery(Message(f"m-{number}", "")) for number in range(600)]

    assert [len(group) for group in group_deliveries(deliveries)] == [250, 250, 100]


def test_in_a_fifo_queue_a_message_group_is_one_task_in_its_order() -> None:
    """Tasks run side by side, so two tasks would start its runs in any order."""
    deliveries = [
        launching(dag_id, number=number, group_id=group_id)
        for number, (dag_id, group_id) in enumerate(
            [("b", "one"), ("a", "two"), ("a", "one"), ("b", "one"), ("a", "two"), ("c", "three")]
        )
    ]

    groups = list(group_deliveries(deliveries, ordered=True, max_launches=1))

    assert [[delivery.message.message_id for delivery in group] for group in groups] == [
        ["m-1", "m-4"],
        ["m-0", "m-2", "m-3"],
        ["m-5"],
    ]


def test_message_groups_of_the_same_dag_share_a_task() -> None:
    deliveries = [launching("a", number=number, group_id=f"g{number % 7}") for number in range(70)]

    groups = list(group_deliveries(deliveries, ordered=True, max_launches=30))

    assert [len(group) for group in groups] == [30, 30, 10]


def test_two_copies_of_an_event_ask_for_one_run_even_if_they_differ_in_its_conf() -> None:
    copies = [
        Delivery(Message(f"m-{number}", "{}"), (Launch("r", "a", "r__e", {"copy": number}, ""),))
        for number in range(2)
    ]

    assert count_runs_of(copies) == 1
