"""The AWS side: buckets whose uploads are told to a queue, and a dead-letter queue beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.harness.ministack import MiniStack

Message = dict[str, Any]
_PREFIX = "orders/"


class Cloud:
    """A queue with a dead-letter queue, and any number of buckets that notify the queue."""

    def __init__(self, ministack: MiniStack, name: str = "partner-events", **attributes: str) -> None:
        """Create both queues.

        Args:
            ministack: Where.
            name: The queue's name; a FIFO queue's ends in ``.fifo``. The dead-letter queue has the same name
                with ``-dead`` in it.
            attributes: Further attributes of the queue.
        """
        self._s3 = ministack.client("s3")
        self.sqs = ministack.client("sqs")
        stem, fifo, _ = name.partition(".fifo")
        kind = {"FifoQueue": "true"} if fifo else {}
        self.dead_letter_queue_url = self._create_queue(f"{stem}-dead{fifo}", kind)
        redrive = {"deadLetterTargetArn": self._arn(self.dead_letter_queue_url), "maxReceiveCount": 10}
        self.queue_url = self._create_queue(
            name, {"RedrivePolicy": json.dumps(redrive), **kind, **attributes}
        )

    def create_buckets(self, *names: str) -> None:
        """Create buckets that notify nobody."""
        for name in names:
            self._s3.create_bucket(Bucket=name)

    def create_notifying_buckets(self, names: Iterable[str]) -> None:
        """Create buckets that tell the queue of each new object below ``orders/``.

        What the partners' DAGs write to the same buckets lies elsewhere, or they would start themselves.
        """
        below = {"Key": {"FilterRules": [{"Name": "prefix", "Value": _PREFIX}]}}
        told = {"QueueArn": self._arn(self.queue_url), "Events": ["s3:ObjectCreated:*"], "Filter": below}
        for name in names:
            self.create_buckets(name)
            self._s3.put_bucket_notification_configuration(
                Bucket=name, NotificationConfiguration={"QueueConfigurations": [told]}
            )

    def upload(self, bucket: str, key: str, body: bytes) -> None:
        """Store an object."""
        self._s3.put_object(Bucket=bucket, Key=key, Body=body)

    def download_json(self, bucket: str, key: str) -> Any:
        """Return the JSON document stored as an object; None if there is no such object."""
        try:
            answer = self._s3.get_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        return json.load(answer["Body"])

    def send(self, body: str, **fields: str) -> None:
        """Send a message to the queue, with further fields of SendMessage."""
        self.sqs.send_message(QueueUrl=self.queue_url, MessageBody=body, **fields)

    def send_many(self, bodies: list[str]) -> None:
        """Send many messages to the queue, in batches."""
        for start in range(0, len(bodies), 10):
            entries = [
                {"Id": str(number), "MessageBody": body}
                for number, body in enumerate(bodies[start : start + 10])
            ]
            answer = self.sqs.send_message_batch(QueueUrl=self.queue_url, Entries=entries)
            if failed := answer.get("Failed"):
                raise RuntimeError(f"SQS did not take {failed}")

    def backlog(self) -> int:
        """Return how many messages the queue holds: visible, in flight or delayed."""
        return self._count(self.queue_url)

    def visible(self) -> int:
        """Return how many messages wait in the queue for somebody to receive them."""
        name = "ApproximateNumberOfMessages"
        answer = self.sqs.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=[name])
        return int(answer["Attributes"][name])

    def peek(self) -> list[Message]:
        """Look at all messages of a queue that nobody else receives from, and leave them there."""
        seen: dict[str, Message] = {}
        while len(seen) < self.backlog():
            answer = self.sqs.receive_message(
                QueueUrl=self.queue_url, MaxNumberOfMessages=10, VisibilityTimeout=5, WaitTimeSeconds=1
            )
            seen |= {message["MessageId"]: message for message in answer.get("Messages", [])}
        for message in seen.values():
            self.sqs.change_message_visibility(
                QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )
        return list(seen.values())

    def dead_letters(self) -> list[Message]:
        """Look at the messages of the dead-letter queue, ten at the most, and leave them there."""
        answer = self.sqs.receive_message(
            QueueUrl=self.dead_letter_queue_url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=0,
            MessageAttributeNames=["All"],
        )
        return list({message["MessageId"]: message for message in answer.get("Messages", [])}.values())

    def _create_queue(self, name: str, attributes: dict[str, str]) -> str:
        url: str = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url

    def _arn(self, queue_url: str) -> str:
        answer = self.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
        arn: str = answer["Attributes"]["QueueArn"]
        return arn

    def _count(self, queue_url: str) -> int:
        answer = self.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
        return sum(
            int(number)
            for name, number in answer["Attributes"].items()
            if name.startswith("ApproximateNumberOfMessages")
        )
