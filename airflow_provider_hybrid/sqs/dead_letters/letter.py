"""A dead letter: a message in the dead-letter queue, and why it is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.events.records.facts import iso
from airflow_provider_hybrid.exceptions import MessageParseError
from airflow_provider_hybrid.sqs.dead_letters.attributes import (
    DISPATCHER_RUN,
    ERROR_MESSAGE,
    ERROR_TYPE,
    ROUTE,
)
from airflow_provider_hybrid.sqs.dead_letters.undelivered import undelivered

MAX_RECEIVE_COUNT = "MaxReceiveCount"
"""The error type of a message that SQS has moved here, by the queue's redrive policy."""

MOVED_BY_SQS = (
    "SQS moved it here by the queue's redrive policy: it was received maxReceiveCount times and never settled"
)

UNDELIVERED = "Undelivered"
"""The error type of a message that an AWS service left here, as it could not deliver it."""

UNKNOWN = "Unknown"
"""The error type of a message that does not say why it is here."""

NOBODY_SAYS_WHY = (
    "nothing in it says why it is here: no dispatcher and no AWS service left a reason (SNS leaves none), "
    "and it has no mark of a message that SQS moved; somebody may have sent it here"
)

_SOURCE = "DeadLetterQueueSourceArn"
"""The system attribute of a message that SQS itself has moved.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
"""

ERROR_TYPES = (
    "MessageParseError",
    "Unmatched",
    "RouteError",
    "LaunchError",
    MAX_RECEIVE_COUNT,
    UNDELIVERED,
    UNKNOWN,
)
"""All error types. The dispatcher gives the first four."""


@dataclass(frozen=True)
class DeadLetter:
    """A message in the dead-letter queue.

    Args:
        message: As received from there.
    """

    message: Message

    @property
    def id(self) -> str:
        """The message's identity, the same before, in and after the dead-letter queue."""
        return self.message.identity

    @property
    def sent(self) -> str | None:
        """The time at which it was sent, ISO 8601 in UTC; None if SQS does not tell it."""
        return None if self.message.sent_at is None else iso(self.message.sent_at)

    @property
    def subjects(self) -> tuple[str, ...]:
        """What its events are about, for example ``s3://bucket/key``; none if nothing says so."""
        try:
            headlines = [Headline.of(event) for event in parse_message(self.message)]
        except MessageParseError:
            return ()
        return tuple(headline.subject for headline in headlines if headline.subject)

    @property
    def error_type(self) -> str:
        """The dispatcher's error type, else ``MaxReceiveCount``, ``Undelivered`` or ``Unknown``."""
        return self._why[0]

    @property
    def error_message(self) -> str:
        """The reason, in a sentence."""
        return self._why[1]

    @property
    def routes(self) -> tuple[str, ...]:
        """The routes that broke."""
        return tuple(filter(None, self._text(ROUTE).split(", ")))

    @property
    def dispatcher_run(self) -> str:
        """The run id of the dispatcher that rejected it; empty if none did."""
        return self._text(DISPATCHER_RUN)

    def as_dict(self) -> dict[str, Any]:
        """Return these properties by name, for JSON."""
        return {
            "id": self.id,
            "message_id": self.message.message_id,
            "sent": self.sent,
            "subjects": list(self.subjects),
            "error_type": self.error_type,
            "error_message": self.error_message,
            "routes": list(self.routes),
            "dispatcher_run": self.dispatcher_run or None,
        }

    @cached_property
    def _why(self) -> tuple[str, str]:
        """The error type and the reason: the dispatcher's, else SQS's, else those of an AWS service."""
        if error_type := self._text(ERROR_TYPE):
            return error_type, self._text(ERROR_MESSAGE)
        if _SOURCE in self.message.attributes:
            return MAX_RECEIVE_COUNT, MOVED_BY_SQS
        if reason := undelivered(self.message):
            return UNDELIVERED, reason
        return UNKNOWN, NOBODY_SAYS_WHY

    def _text(self, name: str) -> str:
        return str(self.message.message_attributes.get(name, {}).get("StringValue") or "")
