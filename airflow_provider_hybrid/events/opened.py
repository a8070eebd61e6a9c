"""What is left when every envelope is open."""

from __future__ import annotations

from typing import NamedTuple

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message


class Opened(NamedTuple):
    """An event, and the message in which it lay.

    The message is the innermost one: behind SNS it has the publisher's message attributes, and ``Subject``
    and ``TopicArn`` beside SQS's own attributes. To delete or dead-letter, take the message as received.
    """

    event: Event
    message: Message
