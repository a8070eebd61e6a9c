"""Messages that stay invisible for as long as somebody works on them, and not much longer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from threading import Event, Thread
from types import TracebackType
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs.calls import return_messages
from airflow_provider_hybrid.sqs.errors import AWS_ERRORS, in_short
from airflow_provider_hybrid.troubleshooting import logger

RENEWALS = 3
"""Renewals of a lease within one visibility timeout: two may fail before a message comes back."""

QUICK = 2.0
"""Seconds of work that need no lease, as the messages were received just before."""

log = logger(__name__)


def extend(client: Any, queue_url: str, messages: Sequence[Message], visibility_timeout: int) -> None:
    """Let the visibility timeout of messages start anew, and log those for which it does not.

    Such a message may come back early. That costs a second delivery and nothing else.

    Args:
        client: A boto3 SQS client.
        queue_url: The queue.
        messages: As received from it.
        visibility_timeout: Seconds from now until they come back.
    """
    try:
        failures = return_messages(client, queue_url, dict.fromkeys(messages, visibility_timeout))
    except AWS_ERRORS as error:
        log.warning(
            "The visibility timeout of %d message(s) was not extended: %s", len(messages), in_short(error)
        )
        return
    for message, reason in failures.items():
        log.info("Message %s may come back early: %s", message.message_id, reason)


class Lease:
    """Keeps messages from coming back for the time of a ``with`` block.

    Work of less than two seconds needs no lease. After that, the visibility timeout of all messages starts
    anew, again and again until the block ends. If the process dies, they come back after one timeout.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/working-with-messages.html
    advises such a heartbeat.

    Args:
        client: Returns a boto3 SQS client. It is called only when a client is needed, as making one takes
            half a second.
        queue_url: The queue.
        messages: As received from it.
        visibility_timeout: Seconds until they come back if nobody renews the lease.
        quick: Seconds of work that needs no lease.
    """

    def __init__(
        self,
        client: Callable[[], Any],
        queue_url: str,
        messages: Sequence[Message],
        visibility_timeout: int,
        quick: float = QUICK,
    ) -> None:
        self._client = client
        self._quick = quick
        self._arguments = (queue_url, messages, visibility_timeout)
        self._every = visibility_timeout / RENEWALS
        self._over = Event()
        self._heartbeat: Thread | None = None

    def __enter__(self) -> Lease:
        """Note the time."""
        self._begins = time.monotonic() + self._quick
        return self

    def keep(self) -> None:
        """Start the renewals once the work takes long; call it before each step of the work."""
        if not self._heartbeat and time.monotonic() >= self._begins:
            # Not in the thread: until Airflow 3.1 only one thread may ask for the connection.
            renew = partial(extend, self._client(), *self._arguments)
            renew()
            self._heartbeat = Thread(target=self._until_over, args=(renew,), name="lease", daemon=True)
            self._heartbeat.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the renewals; one that is under way ends first, or it could undo a later call."""
        self._over.set()
        if self._heartbeat:
            self._heartbeat.join()

    def _until_over(self, renew: Callable[[], None]) -> None:
        while not self._over.wait(self._every):
            renew()
