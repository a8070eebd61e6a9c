"""The AWS side as users deploy it: the template's stack, and buckets that exist already."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from airflow_provider_hybrid.routing.run_id import hash_of
from tests.demo.cloud import Cloud
from tests.harness.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.harness.ministack import MiniStack

_PREFIX = "orders/"
THROUGH_LAMBDA = "S3 > Lambda > SQS"
DIRECTLY = "S3 > SQS"


class Deployment(Cloud):
    """The queues of a stack, and up to five buckets that notify its interceptor."""

    def __init__(self, ministack: MiniStack, buckets: Sequence[str]) -> None:
        """Create buckets and stack; each bucket tells the interceptor of new objects below ``orders/``.

        What the partners' DAGs write to the same buckets lies elsewhere, or they would start themselves.

        Args:
            ministack: Where.
            buckets: The buckets' names.
        """
        self._s3, self.sqs, self._logs = map(ministack.client, ("s3", "sqs", "logs"))
        self.create_buckets(*buckets)
        names = {f"Bucket{number}": name for number, name in enumerate(buckets, 1)}
        stack = Stack(ministack, "partner-events").create(WayIn="interceptor", **names)
        self.queue_url = stack.outputs["QueueUrl"]
        self.dead_letter_queue_url = stack.outputs["DeadLetterQueueUrl"]
        (self._log_group,) = stack.resources("AWS::Logs::LogGroup")
        told = {
            "LambdaFunctionArn": stack.outputs["InterceptorArn"],
            "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": _PREFIX}]}},
        }
        for name in buckets:
            self._s3.put_bucket_notification_configuration(
                Bucket=name, NotificationConfiguration={"LambdaFunctionConfigurations": [told]}
            )

    def way_in(self, run_id: str) -> str:
        """Return by which way the event of a run came, as the interceptor's log has it."""
        answer = self._logs.filter_log_events(logGroupName=self._log_group)
        lines = [event["message"] for event in answer["events"] if event["message"].startswith("{")]
        forwarded = {hash_of(event_id) for line in lines for event_id in json.loads(line)["event_ids"]}
        return THROUGH_LAMBDA if run_id.rpartition("__")[2] in forwarded else DIRECTLY
