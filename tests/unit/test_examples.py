"""The example DAGs, as far as they need no Airflow that runs."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import boto3
import pytest
from airflow.sdk import DAG, task

from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.router import route_message
from tests.harness.environment import PROJECT
from tests.unit.conftest import REGION

EXAMPLES = PROJECT / "example_dags"
CONFIGURATION = parse_config((EXAMPLES / "hybrid_dispatcher.json").read_text())
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


@pytest.mark.parametrize(
    ("bucket", "key", "dag_id"),
    [
        ("shop", "2026/11/orders.csv", "orders"),
        ("shop", "2026/11/orders.csv.tmp", None),
        ("partner-a", f"orders/{DAY}/orders.csv", "partner_a"),
        ("partner-a", f"orders/{DAY}/orders.csv.gz", None),
        ("partner-b", f"orders/{DAY}/orders.csv", "partner_b"),
        ("partner-c", f"orders/{DAY}/orders.csv.gz", "partner_c"),
        ("partner-d", f"orders/{DAY}/orders.csv", None),
    ],
)
def test_the_examples_configuration_starts_the_examples(
    examples: Any, bucket: str, key: str, dag_id: str | None
) -> None:
    event = json.loads((PROJECT / "tests" / "events" / "aws_eventbridge_s3_created.json").read_text())
    event["detail"]["bucket"]["name"] = bucket
    event["detail"]["object"] |= {"key": key, "size": 7}

    launches = route_message(Message("m-1", json.dumps(event)), CONFIGURATION.compiled_routes).launches

    assert [launch.trigger_dag_id for launch in launches] == ([dag_id] if dag_id else [])
    for launch in launches:
        assert launch.trigger_dag_id in {file.stem for file in EXAMPLES.glob("*.py")}
        assert launch.note is None or launch.note.startswith("7 bytes came at ")


def test_a_late_partner_is_told_by_sns(
    examples: Any, endpoint: str, monkeypatch: pytest.MonkeyPatch, sqs: Any
) -> None:
    """As Airflow calls it when the task has failed, against an SNS that a queue has subscribed to."""
    access = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    sns = boto3.client("sns", endpoint_url=endpoint, region_name=REGION, **access)
    queue_url = sqs.create_queue(QueueName="told")["QueueUrl"]
    topic = sns.create_topic(Name="late-partners")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:123456789012:told")
    example = examples("hybrid_expectations")

    callback = example.dag.get_task("expectation").partial_kwargs["on_failure_callback"]
    (tell,) = callback if isinstance(callback, list) else [callback]
    tell(
        {
            "dag_run": SimpleNamespace(run_id="partner_a_by_seven__today"),
            "exception": "none has come",
            "dag": example.dag,
        }
    )

    (message,) = sqs.receive_message(QueueUrl=queue_url)["Messages"]
    told = json.loads(message["Body"])
    assert (told["Subject"], told["Message"]) == ("partner_a_by_seven__today", "none has come")
