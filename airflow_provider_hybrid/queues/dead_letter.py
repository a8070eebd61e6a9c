"""A dead letter: a message in the dead-letter queue, and why it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.records.facts import iso
from airflow_provider_hybrid.queues.attributes import DISPATCHER_RUN, ERROR_MESSAGE, ERROR_TYPE, ROUTE

MAX_RECEIVE_COUNT = "MaxReceiveCount"
"""The error type of a message that no dispatcher has sent here: SQS has, by the queue's redrive policy."""

MOVED_BY_SQS = (
    "SQS moved it here by the queue's redrive policy: it was received maxReceiveCount times and never settled"
)

UNDELIVERED = "Undelivered"
"""The error type of a message that AWS left here, as it could not deliver it to the queue."""

UNDELIVERED_BY = {
    ("RequestID", "ErrorCode", "ErrorMessage"): "Lambda",
    ("RULE_ARN", "ERROR_CODE", "ERROR_MESSAGE"): "EventBridge",
}
"""The message attributes by which such a message is known; the last says why.

- https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
- https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

ERROR_TYPES = ("MessageParseError", "Unmatched", "RouteError", "LaunchError", MAX_RECEIVE_COUNT, UNDELIVERED)
"""All there are. The first four are a dispatcher's own words."""


@dataclass(frozen=True)
class DeadLetter:
    """A message in the dead-letter queue.

    Args:
        message: As received from there.
    """

    message: Message

    @property
    def id(self) -> str:
        """What it is called before, in and after the dead-letter queue: the message's identity."""
        return self.message.identity

    @property
    def sent(self) -> str | None:
        """When it was sent, ISO 8601 in UTC."""
        milliseconds = self.message.attributes.get("SentTimestamp", "")
        return iso(int(milliseconds) / 1000) if milliseconds.isdecimal() else None

    @property
    def error_type(self) -> str:
        """The dispatcher's word for why, else ``Undelivered`` or ``MaxReceiveCount``."""
        return self._text(ERROR_TYPE) or (UNDELIVERED if self._undelivered else MAX_RECEIVE_COUNT)

    @property
    def error_message(self) -> str:
        """Why, in a sentence."""
        return self._text(ERROR_MESSAGE) or (
            "" if self._text(ERROR_TYPE) else self._undelivered or MOVED_BY_SQS
        )

    @property
    def routes(self) -> tuple[str, ...]:
        """The routes that broke."""
        return tuple(filter(None, self._text(ROUTE).split(", ")))

    @property
    def dispatcher_run(self) -> str:
        """The dispatcher's run that rejected it; empty where none did."""
        return self._text(DISPATCHER_RUN)

    def as_dict(self) -> dict[str, Any]:
        """Return all of this by name, for JSON."""
        return {
            "id": self.id,
            "message_id": self.message.message_id,
            "sent": self.sent,
            "error_type": self.error_type,
            "error_message": self.error_message,
            "routes": list(self.routes),
            "dispatcher_run": self.dispatcher_run or None,
        }

    @property
    def _undelivered(self) -> str:
        """Why AWS could not deliver it; empty where that is not why it is here."""
        for names, service in UNDELIVERED_BY.items():
            if self.message.message_attributes.keys() >= set(names):
                return f"{service} could not deliver it: {self._text(names[-1])}"
        return ""

    def _text(self, name: str) -> str:
        return str(self.message.message_attributes.get(name, {}).get("StringValue") or "")
