"""The amazon provider's sensor and the standard provider's operator, as their documentation shows them.

What is not the default is there to be quick: long polls of 20 seconds, ten messages at once, one second
between two polls. Deletion is the sensor's own: when it receives.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.providers.amazon.aws.sensors.sqs import SqsSensor
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, Variable, task

with DAG(
    "peer_sqs_sensor",
    schedule="@continuous",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=10)},
) as dag:
    wait = SqsSensor(
        task_id="wait",
        sqs_queue="{{ var.json.peer_sqs_sensor.queue_url }}",
        max_messages=10,
        wait_time_seconds=20,
        poke_interval=1,
        deferrable=True,
    )

    @task
    def launches(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        events = [json.loads(message["Body"]) for message in messages]
        partners = Variable.get("peer_sqs_sensor", deserialize_json=True)["partners"]
        return [
            {"trigger_dag_id": partner, "conf": {"event_id": event["id"]}}
            for event in events
            for partner in partners
        ]

    TriggerDagRunOperator.partial(task_id="launch").expand_kwargs(launches(wait.output["messages"]))
