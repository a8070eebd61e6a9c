"""A FIFO queue: within a message group the runs are created in the order of the messages."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.demo.cloud import Cloud
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route

if TYPE_CHECKING:
    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack

CUSTOMERS = ("ann", "bob", "eve")
ORDERS = 8
STUCK = 3
"""The number of Bob's order that wants a DAG which does not exist."""


def test_an_event_that_cannot_start_holds_back_its_message_group_and_no_other(
    airflow: Airflow, api: AirflowApi, ministack: MiniStack
) -> None:
    cloud = Cloud(ministack, "fifo.fifo")
    good = [route("recorder", stuck=[False]), route("recorder", stuck=[True])]
    good[1]["name"] = "stuck"
    bad = [good[0], {**good[1], "trigger_dag_id": "no_such_dag"}]
    for number in range(ORDERS):
        for customer in CUSTOMERS:
            stuck = customer == "bob" and number == STUCK
            cloud.send(
                eventbridge(f"{customer}-{number}", {"number": number, "stuck": stuck}),
                MessageGroupId=customer,
                MessageDeduplicationId=f"{customer}-{number}",
            )
    api.set_variable("fifo", configuration(cloud, *bad))
    api.unpause("fifo")

    def others_are_done() -> bool:
        airflow.check()
        orders = _orders(api)
        return len(orders["ann"]) == len(orders["eve"]) == ORDERS

    wait_until(others_are_done, 60, "the runs of the other message groups", every=1)
    assert _orders(api)["bob"] == list(range(STUCK))

    api.set_variable("fifo", configuration(cloud, *good))

    wait_until(lambda: not cloud.backlog(), 150, "an empty queue", every=1)
    assert _orders(api) == {customer: list(range(ORDERS)) for customer in CUSTOMERS}


def _orders(api: AirflowApi) -> dict[str, list[int]]:
    """Return the numbers of each customer's orders, in the order in which their runs were created."""
    orders: dict[str, list[int]] = defaultdict(list)
    for run in api.runs("recorder"):
        customer, _, number = run["dag_run_id"].split("__")[1].partition("-")
        if customer in CUSTOMERS:
            orders[customer].append(int(number))
    return orders
