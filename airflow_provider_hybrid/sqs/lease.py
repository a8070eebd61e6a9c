"""Messages that stay invisible for as long as somebody works on them, and not much longer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from threading import Event, Thread
from types import TracebackType
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.sqs.calls import return_messages
from airflow_provider_hybrid.sqs.errors import AWS_ERRORS, in_short

RENEWALS = 3
"""How often a lease is renewed within one visibility timeout: two may fail before a message comes back."""

QUICK = 2.0
"""Seconds of work in which no message comes back: whoever hands messages over has just received them."""

log = logging.getLogger(__name__)


def extend(client: Any, queue_url: str, messages: Sequence[Message], visibility_timeout: int) -> None:
    """Let the visibility timeout of messages start anew, as far as that is possible.

    One for which it is not may come back early, which costs a second delivery and nothing else.

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

    Work that is done within two seconds needs none. Once it takes longer, the visibility timeout of all
    messages starts anew, again and again until the block ends. A process that dies extends nothing, so they
    come back after one timeout.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/working-with-messages.html
    advises such a heartbeat.

    Args:
        client: Gives a boto3 SQS client. It takes half a second, so it is asked when needed.
        queue_url: The queue.
        messages: As received from it.
        visibility_timeout: Seconds until they come back if nobody renews the lease.
    """

    def __init__(
        self,
        client: Callable[[], Any],
        queue_url: str,
        messages: Sequence[Message],
        visibility_timeout: int,
    ) -> None:
        self._client = client
        self._arguments = (queue_url, messages, visibility_timeout)
        self._every = visibility_timeout / RENEWALS
        self._over = Event()
        self._heartbeat: Thread | None = None

    def __enter__(self) -> Lease:
        """Look at the clock."""
        self._begins = time.monotonic() + QUICK
        return self

    def keep(self) -> None:
        """Begin, if the work takes long; to be called before each step of it."""
        if not self._heartbeat and time.monotonic() >= self._begins:
            # Opened here, not in the thread: until Airflow 3.1 only one thread may ask for the connection.
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
        """Extend no more; what is under way ends first, so that it undoes nothing that comes after."""
        self._over.set()
        if self._heartbeat:
            self._heartbeat.join()

    def _until_over(self, renew: Callable[[], None]) -> None:
        while not self._over.wait(self._every):
            renew()
