"""The amazon provider's trigger behind an asset watcher, as its documentation of message queues shows it.

`MessageQueueTrigger(scheme="sqs", ...)` makes the same trigger. What is not the default is there to be quick:
long polls of 20 seconds, ten messages at once, one second between two polls. Deletion is the trigger's own:
when it receives.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from airflow.providers.amazon.aws.triggers.sqs import SqsSensorTrigger
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, Asset, AssetWatcher, Variable, task

settings = Variable.get("peer_asset_watcher", deserialize_json=True)
trigger = SqsSensorTrigger(
    sqs_queue=settings["queue_url"], max_messages=10, wait_time_seconds=20, waiter_delay=1
)
queue = Asset("peer_queue", watchers=[AssetWatcher(name="peer_queue", trigger=trigger)])

with DAG(
    "peer_asset_watcher",
    schedule=[queue],
    is_paused_upon_creation=False,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=10)},
) as dag:

    @task
    def launches(triggering_asset_events: Any = None) -> list[dict[str, Any]]:
        events = [
            json.loads(message["Body"])
            for asset_event in triggering_asset_events[queue]
            for message in asset_event.extra["payload"]["message_batch"]
        ]
        return [
            {"trigger_dag_id": partner, "conf": {"event_id": event["id"]}}
            for event in events
            for partner in settings["partners"]
        ]

    TriggerDagRunOperator.partial(task_id="launch").expand_kwargs(launches())
