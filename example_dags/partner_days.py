"""What partners and final DAG agree on: how a partner says that its day is there, and who waits for it.

From Airflow 3.3 on an asset event can have a partition, here the day, and Airflow starts the final DAG when
all assets have the same one. Before 3.3 each partner leaves a mark in S3 for its day, and then looks for the
others' marks. The last one sees all of them and starts the final DAG, with the day as the run's id. Two
partners may both be last: Airflow has no two runs with the same id, so they start one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow import __version__
from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, task

try:
    from airflow.sdk.exceptions import AirflowFailException
except ImportError:  # before Airflow 3.2
    from airflow.exceptions import AirflowFailException  # noqa: F401 - for the partners

if TYPE_CHECKING:
    from airflow.sdk.types import OutletEventAccessorsProtocol

REPORT_BUCKET = "partner-reports"
ORDERS = {name: Asset(f"{name}_orders") for name in ("partner_a", "partner_b", "partner_c")}
HAS_PARTITIONS = tuple(map(int, __version__.split(".")[:2])) >= (3, 3)

if HAS_PARTITIONS:
    from airflow.sdk import PartitionedAssetTimetable

    ALL_OF_A_DAY: Any = PartitionedAssetTimetable(
        assets=ORDERS["partner_a"] & ORDERS["partner_b"] & ORDERS["partner_c"]
    )
else:
    ALL_OF_A_DAY = None
"""The schedule of the final DAG."""


def tell(outlet_events: OutletEventAccessorsProtocol, orders: Asset, day: str, summary: str) -> str:
    """Say, from within a task that has the asset as its outlet, that a partner's day is there.

    Args:
        outlet_events: The task's.
        orders: The partner's asset.
        day: The day, as in ``2026-11-22``.
        summary: The address of the day's summary in S3.

    Returns:
        The day.
    """
    outlet_events[orders].extra = {"summary": summary}
    if HAS_PARTITIONS:
        # The asset's event is of this day alone. Airflow starts the final DAG's run of a day once the assets
        # of all partners have an event of that day.
        outlet_events[orders].add_partitions(day)
    else:
        S3Hook().load_string(summary, _mark(orders, day), REPORT_BUCKET, replace=True)
    return day


def start_final_dag(day: Any) -> None:
    """Add the tasks that start the final DAG if all partners have told of a day; from 3.3 on none is needed.

    Args:
        day: What the task returns that calls `tell`.
    """
    if HAS_PARTITIONS:
        return

    @task.short_circuit
    def all_have_delivered(day: str) -> bool:
        s3 = S3Hook()
        return all(s3.check_for_key(_mark(orders, day), REPORT_BUCKET) for orders in ORDERS.values())

    all_have_delivered(day) >> TriggerDagRunOperator(
        task_id="start_final_dag",
        trigger_dag_id="aggregate_partners",
        trigger_run_id=day,
        conf={"day": day},
        skip_when_already_exists=True,
    )


def delivered(context: Any) -> tuple[str, dict[str, str]]:
    """Return the day of a run of the final DAG, and the address of each partner's summary by asset.

    Args:
        context: The context of a task of that run.
    """
    if HAS_PARTITIONS:
        events = context["triggering_asset_events"]
        # Where a partner has delivered a day twice, the last one counts.
        return context["partition_key"], {
            orders.name: events[orders][-1].extra["summary"] for orders in ORDERS.values()
        }
    day, s3 = context["dag_run"].conf["day"], S3Hook()
    return day, {orders.name: s3.read_key(_mark(orders, day), REPORT_BUCKET) for orders in ORDERS.values()}


def _mark(orders: Asset, day: str) -> str:
    return f"delivered/{day}/{orders.name}"
