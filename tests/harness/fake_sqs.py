"""An SQS that refuses what it is told to refuse."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError


class Sqs:
    """Takes entries in batches, and remembers them.

    Args:
        unsent: Bodies that it does not take.
        undeleted: Receipt handles that it does not delete.
        refuses_deletes: Whether it refuses every delete as a whole.
    """

    def __init__(
        self,
        *,
        unsent: set[str] = frozenset(),
        undeleted: set[str] = frozenset(),
        refuses_deletes: bool = False,  # type: ignore[assignment]
    ) -> None:
        self.unsent = unsent
        self.undeleted = undeleted
        self.refuses_deletes = refuses_deletes
        self.batches: list[list[str]] = []
        self.deleted: list[str] = []

    @property
    def sent(self) -> list[str]:
        return [body for batch in self.batches for body in batch]

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        return {}

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.batches.append(
            [entry["MessageBody"] for entry in Entries if entry["MessageBody"] not in self.unsent]
        )
        return _failed(entry["Id"] for entry in Entries if entry["MessageBody"] in self.unsent)

    def delete_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        if self.refuses_deletes:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "DeleteMessageBatch")
        self.deleted += [e["ReceiptHandle"] for e in Entries if e["ReceiptHandle"] not in self.undeleted]
        return _failed(entry["Id"] for entry in Entries if entry["ReceiptHandle"] in self.undeleted)


def _failed(ids: Any) -> dict[str, Any]:
    return {"Failed": [{"Id": key, "Code": "No", "SenderFault": True} for key in ids]}
