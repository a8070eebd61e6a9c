"""Who has not delivered, for each run of a final DAG that waits."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset
from airflow.utils.session import create_session
from sqlalchemy import select, update

from airflow_provider_hybrid.compat.partitions import HAS_PARTITIONS
from airflow_provider_hybrid.view.waiting import MOST, Partner, Waiting, waiting_runs
from tests.harness.assets import deliver, parse, start
from tests.harness.versions import HAS_ROLLUPS, needs_pages

pytestmark = needs_pages

PARTNERS = ("partner_a", "partner_b", "partner_c")
ORDERS = {name: Asset(f"{name}_orders") for name in PARTNERS}
ALL = {"final", *PARTNERS}
DAY = "2026-11-21"

needs_partitions = pytest.mark.skipif(not HAS_PARTITIONS, reason="before Airflow 3.2 there are no partitions")
needs_rollups = pytest.mark.skipif(not HAS_ROLLUPS, reason="before Airflow 3.3 there are no rollups")


def partitioned(condition: Any, **arguments: Any) -> Any:
    from airflow.sdk import PartitionedAssetTimetable

    return PartitionedAssetTimetable(assets=condition, **arguments)


@pytest.fixture(autouse=True)
def partners(airflow_database: None) -> None:
    """Three partner DAGs, each of which delivers one asset."""
    dags = [DAG(name, schedule=None) for name in PARTNERS]
    for dag in dags:
        EmptyOperator(task_id="publish", outlets=[ORDERS[dag.dag_id]], dag=dag)
    parse(*dags)


def final(condition: Any, dag_id: str = "final") -> None:
    """Store a final DAG."""
    dag = DAG(dag_id, schedule=condition)
    EmptyOperator(task_id="report", dag=dag)
    parse(dag)


def look(readable: set[str] = ALL) -> list[Waiting]:
    with create_session() as session:
        return [*waiting_runs(session, readable).runs]


def names(partners: Any) -> list[str]:
    return [partner.asset for partner in partners]


A_AND_B_AND_C = ORDERS["partner_a"] & ORDERS["partner_b"] & ORDERS["partner_c"]


@needs_partitions
def test_of_each_partition_it_says_who_has_not_delivered() -> None:
    before = datetime.now(tz=timezone.utc).timestamp()
    final(partitioned(A_AND_B_AND_C))
    deliver("partner_a_orders", DAY, by=("partner_a", "a-21"))
    deliver("partner_b_orders", DAY)
    deliver("partner_b_orders", "2026-11-22")

    newer, older = look()

    assert (newer.dag_id, newer.partition, older.partition) == ("final", "2026-11-22", DAY)
    assert names(newer.missing) == ["partner_a_orders", "partner_c_orders"]
    assert names(older.missing) == ["partner_c_orders"]
    assert names(older.there) == ["partner_a_orders", "partner_b_orders"]
    there, _ = older.there
    assert [(run.dag_id, run.run_id, run.state) for run in there.runs] == [("partner_a", "a-21", "success")]
    assert older.since == pytest.approx(before, abs=60)
    assert there.at == pytest.approx(before, abs=60)
    assert not older.is_paused


@needs_partitions
def test_a_partition_that_is_complete_does_not_wait() -> None:
    final(partitioned(A_AND_B_AND_C))
    for name in PARTNERS:
        deliver(f"{name}_orders", DAY)

    assert look() == []


@needs_partitions
def test_a_partition_that_has_its_run_does_not_wait() -> None:
    from airflow.models.asset import AssetPartitionDagRun

    final(partitioned(A_AND_B_AND_C))
    deliver("partner_a_orders", DAY)
    start("final", "final-21", "running")
    with create_session() as session:
        run = session.scalar(select(DagRun.id).where(DagRun.run_id == "final-21"))
        session.execute(update(AssetPartitionDagRun).values(created_dag_run_id=run))

    assert look() == []


@needs_partitions
def test_who_has_not_delivered_is_named_with_the_newest_run_for_that_partition() -> None:
    final(partitioned(A_AND_B_AND_C))
    deliver("partner_a_orders", DAY)
    deliver("partner_b_orders", DAY)
    start("partner_c", "partner_c__orders-2026-11-21-orders.csv__0", "success")
    start("partner_c", "partner_c__orders-2026-11-21-orders.csv__1", "failed")
    start("partner_c", "partner_c__orders-2026-11-211-orders.csv__2", "running")
    start("partner_c", "partner_c__orders-2026-11-22-orders.csv__3", "running")

    (found,) = look()

    (partner,) = found.missing
    assert partner.producers.tasks == (("partner_c", "publish"),)
    assert [(run.run_id, run.state) for run in partner.runs] == [
        ("partner_c__orders-2026-11-21-orders.csv__1", "failed")
    ]
    assert partner.at is None


@pytest.mark.parametrize("partition", ["2026/11/21", pytest.param("été", id="none of it is in a run id")])
@needs_partitions
def test_a_partition_is_looked_for_as_run_ids_write_it(partition: str) -> None:
    final(partitioned(A_AND_B_AND_C))
    deliver("partner_a_orders", partition)
    start("partner_b", "partner_b__in-2026-11-21-orders.csv__0", "failed")

    (found,) = look()

    assert [len(partner.runs) for partner in found.missing] == [int(partition.startswith("2026")), 0]


def test_a_dag_without_partitions_waits_for_its_next_run() -> None:
    final(A_AND_B_AND_C)
    deliver("partner_a_orders", by=("partner_a", "old"))
    deliver("partner_b_orders", by=("partner_b", "b-1"))
    start("partner_c", "c-1", "failed")

    (found,) = look()

    assert found.partition == ""
    assert names(found.missing) == ["partner_c_orders"]
    assert names(found.there) == ["partner_a_orders", "partner_b_orders"]
    assert [run.run_id for partner in found.there for run in partner.runs] == ["old", "b-1"]
    assert [run.run_id for run in found.missing[0].runs] == ["c-1"]


def test_the_delivery_that_counts_is_the_one_that_airflow_noted() -> None:
    """A second one before the final DAG starts changes nothing."""
    final(A_AND_B_AND_C)
    deliver("partner_a_orders", by=("partner_a", "first"))
    deliver("partner_a_orders", by=("partner_a", "second"))

    (found,) = look()

    assert [run.run_id for run in found.there[0].runs] == ["first"]


def test_where_one_of_several_is_enough_the_others_are_not_missing() -> None:
    final((ORDERS["partner_a"] | ORDERS["partner_b"]) & ORDERS["partner_c"])
    deliver("partner_a_orders")

    (found,) = look()

    assert names(found.missing) == ["partner_c_orders"]


@needs_rollups
def test_an_asset_may_have_to_bring_many_keys() -> None:
    from airflow.sdk import DayWindow, RollupMapper, StartOfDayMapper

    hours = RollupMapper(upstream_mapper=StartOfDayMapper(), window=DayWindow())
    final(
        partitioned(
            ORDERS["partner_a"] & ORDERS["partner_b"],
            partition_mapper_config={ORDERS["partner_a"]: hours, ORDERS["partner_b"]: StartOfDayMapper()},
        )
    )
    deliver("partner_a_orders", "2026-11-21T00:00:00")
    deliver("partner_b_orders", "2026-11-21T00:00:00")

    (found,) = look()

    (partner,) = found.missing
    assert partner.asset == "partner_a_orders"
    assert partner.lacks.startswith("23 of 24 keys: 2026-11-21T01:00:00, 2026-11-21T02:00:00,")
    assert partner.at is not None
    assert names(found.there) == ["partner_b_orders"]


def test_of_a_final_dag_that_the_user_may_not_read_nothing_is_shown() -> None:
    final(A_AND_B_AND_C)
    deliver("partner_a_orders")

    assert look({*PARTNERS}) == []


def test_partners_that_the_user_may_not_read_are_not_named() -> None:
    final(A_AND_B_AND_C)
    deliver("partner_a_orders", by=("partner_a", "a-1"))
    start("partner_c", "c-1", "failed")

    (found,) = look({"final", "partner_b"})

    b, c = found.missing
    assert (b.producers.tasks, b.producers.hidden) == ((("partner_b", "publish"),), False)
    assert [*map(hides, (c, *found.there))] == [True, True]


def hides(partner: Partner) -> bool:
    return partner.producers.hidden and not partner.producers.tasks and not partner.runs


def test_a_dag_whose_file_is_gone_does_not_wait() -> None:
    final(A_AND_B_AND_C)
    deliver("partner_a_orders")
    with create_session() as session:
        session.execute(update(DagModel).where(DagModel.dag_id == "final").values(is_stale=True))

    assert look() == []


@needs_partitions
def test_at_most_some_are_looked_at_and_it_says_so() -> None:
    final(partitioned(A_AND_B_AND_C))
    for number in range(MOST + 1):
        deliver("partner_a_orders", f"key-{number}")

    with create_session() as session:
        found = waiting_runs(session, ALL)

    assert [one.partition for one in found.runs] == [f"key-{number}" for number in range(MOST, 0, -1)]
    assert found.more


def test_many_final_dags_may_wait() -> None:
    final(A_AND_B_AND_C)
    final(ORDERS["partner_a"] & ORDERS["partner_b"], "another")
    deliver("partner_a_orders")

    assert {(one.dag_id, *names(one.missing)) for one in look({*ALL, "another"})} == {
        ("final", "partner_b_orders", "partner_c_orders"),
        ("another", "partner_b_orders"),
    }
