"""The end of each delivery: the message is deleted, dead-lettered or given back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.waiting import seconds_away
from airflow_provider_hybrid.sqs.calls import Failures, delete_messages, in_batches, return_messages
from airflow_provider_hybrid.sqs.dead_letters.send import send_dead_letters
from airflow_provider_hybrid.sqs.errors import AWS_ERRORS, explain
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.redrive_policy import (
    RedrivePolicy,
    dead_letter_queue_of,
    find_redrive_policy,
)

SHORTEST_PAUSE = 60
"""Seconds until a message comes back the first time; doubled with each further receive."""

LONGEST_PAUSE = 15 * 60
"""Seconds until it comes back at most."""

log = logging.getLogger(__name__)


class Settlement:
    """Settles messages of one queue.

    Args:
        client: Returns a boto3 SQS client, always the same. It is called only when a client is needed, as
            making one takes half a second.
        queue: The queue that they came from.
        dead_letter_queue_url: The queue for messages that can never work; None for the one in the queue's
            redrive policy.
        dispatcher_run: The run id of the dispatcher, for the dead letters.
    """

    def __init__(
        self,
        client: Callable[[], Any],
        queue: Queue,
        dead_letter_queue_url: str | None,
        dispatcher_run: str,
    ) -> None:
        self._client = client
        self._queue = queue
        self._dead_letter_queue_url = dead_letter_queue_url
        self._dispatcher_run = dispatcher_run

    def is_last_chance(self, message: Message) -> bool:
        """Say whether SQS would move the message to the dead-letter queue instead of handing it out again.

        SQS moves it without the reason, so the dispatcher sends it there itself. A message without its body
        here was received for the first time (`dump_deliveries`).
        """
        policy = self._redrive_policy
        return bool(policy and message.body and message.receive_count >= policy.max_receive_count)

    def settle(self, deliveries: Sequence[Delivery]) -> Failures:
        """Send rejected messages to the dead-letter queue, then delete every message that is done.

        A message that SQS does not delete comes back, finds its runs and is deleted then.

        Args:
            deliveries: Those whose runs all exist, or that can never work.

        Returns:
            The rejected messages that must stay in the queue, with the reasons.

        Raises:
            QueueError: If SQS refuses deletion as a whole.
        """
        finished = [delivery for delivery in deliveries if not delivery.leave]
        unsent = self._dead_letter([delivery for delivery in finished if delivery.rejection])
        gone = [delivery.message for delivery in finished if delivery.message not in unsent]
        if gone:
            try:
                kept = delete_messages(self._client(), self._queue.url, gone)
            except AWS_ERRORS as error:
                raise QueueError(explain(error, self._queue)) from error
            for message, reason in kept.items():
                log.warning("Message %s was not deleted and may come back: %s", message.message_id, reason)
        return unsent

    def give_back(self, messages: Collection[Message], *, at_once: bool = False) -> dict[Message, int]:
        """Let messages come back: at once, or after a pause that grows with each receive.

        Returns:
            The pause for each message, in seconds. SQS may not have taken it: the log tells of that.
        """
        delays = {message: 0 if at_once else pause_before_return(message) for message in messages}
        self._return(delays)
        return delays

    def put_off(self, deliveries: Sequence[Delivery]) -> dict[Message, int]:
        """Let messages come back when they are due.

        Args:
            deliveries: Those that wait for their time.

        Returns:
            The pause for each message, in seconds. SQS may not have taken it: the log tells of that.
        """
        delays: dict[Message, int] = {}
        for batch in in_batches(deliveries):
            now = time.time()
            pauses = {
                delivery.message: seconds_away(delivery.message, delivery.returns_at or now, now)
                for delivery in batch
            }
            self._return(pauses)
            delays |= pauses
        return delays

    def _return(self, delays: Mapping[Message, int]) -> None:
        if not delays:
            return
        try:
            failures = return_messages(self._client(), self._queue.url, delays)
        except AWS_ERRORS as error:
            failures = dict.fromkeys(delays, explain(error, self._queue))
        for message, reason in failures.items():
            log.warning(
                "Message %s comes back when its visibility timeout ends: %s", message.message_id, reason
            )

    def _dead_letter(self, deliveries: Sequence[Delivery]) -> Failures:
        rejections = {delivery.message: delivery.rejection for delivery in deliveries if delivery.rejection}
        if not rejections:
            return {}
        policy = None if self._dead_letter_queue_url else self._redrive_policy
        url = dead_letter_queue_of(self._dead_letter_queue_url, policy)
        if not url:
            return {
                message: f"{rejection.error_type}: {rejection.error_message}. It stays in the queue, as "
                "there is no dead-letter queue: give the queue a redrive policy, or name one as "
                "'dead_letter_queue_url' in the dispatcher's Variable or the DAG file"
                for message, rejection in rejections.items()
            }
        try:
            return send_dead_letters(self._client(), url, rejections, self._dispatcher_run)
        except AWS_ERRORS as error:
            return dict.fromkeys(rejections, explain(error, self._queue.another(url)))

    @cached_property
    def _redrive_policy(self) -> RedrivePolicy | None:
        try:
            return find_redrive_policy(self._client(), self._queue.url)
        except AWS_ERRORS as error:
            log.warning("The queue's redrive policy is not known. %s", explain(error, self._queue))
            return None


def pause_before_return(message: Message) -> int:
    """Return the seconds until a message that could not be settled comes back.

    The pause grows, so that trouble costs little while it lasts. It is bounded, so that a DAG that is
    deployed later still gets its events soon.
    """
    doublings = min(message.receive_count - 1, 10)
    return int(min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**doublings))
