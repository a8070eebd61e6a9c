"""The example DAGs, as far as they need no Airflow that runs."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import boto3
import pytest
from airflow.sdk import DAG, task

from tests.harness.environment import PROJECT
from tests.unit.conftest import REGION

EXAMPLES = PROJECT / "example_dags"
DAY = "2026-11-22"


@pytest.fixture
def examples(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import an example as Airflow does, which puts the folder of a DAG file into the path."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    before = set(sys.modules)
    yield import_module
    for name in {file.stem for file in EXAMPLES.glob("*.py")} - before:
        sys.modules.pop(name, None)


@pytest.fixture
def without_partitions(examples: Any, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give `partner_days` as it is before Airflow 3.3, and a bucket for its marks."""
    days: ModuleType = examples("partner_days")
    monkeypatch.setattr(days, "HAS_PARTITIONS", False)
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106 - moto takes any
    )
    client.create_bucket(Bucket=days.REPORT_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    return days


@pytest.mark.parametrize("name", sorted(file.stem for file in EXAMPLES.glob("*.py")))
def test_it_can_be_imported(examples: Any, name: str) -> None:
    examples(name)


@pytest.mark.parametrize("order", ["abc", "bca", "cab"])
def test_before_3_3_the_last_partner_of_a_day_starts_the_final_dag(
    without_partitions: ModuleType, order: str
) -> None:
    days, outlet_events = without_partitions, MagicMock()
    with DAG("partner", schedule=None) as dag:
        days.start_final_dag(task(lambda: DAY, task_id="tell")())
    have_all = dag.get_task("all_have_delivered").python_callable

    for orders in days.ORDERS.values():
        days.tell(outlet_events, orders, "2026-11-21", "of another day")
    seen = []
    for name in (f"partner_{letter}" for letter in order):
        days.tell(outlet_events, days.ORDERS[name], DAY, f"s3://{name}/summary.json")
        seen.append(have_all(DAY))
    assert seen == [False, False, True]
    assert have_all(DAY), "a partner whose task died before it started the final DAG looks again"

    context = {"dag_run": SimpleNamespace(conf={"day": DAY})}
    assert days.delivered(context) == (
        DAY,
        {f"{name}_orders": f"s3://{name}/summary.json" for name in days.ORDERS},
    )
    starts = dag.get_task("start_final_dag")
    assert (starts.trigger_dag_id, starts.skip_when_already_exists) == ("aggregate_partners", True)
