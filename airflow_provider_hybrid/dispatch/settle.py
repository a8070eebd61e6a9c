"""The end of each delivery: the message is deleted, dead-lettered or given back."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import QueueError
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.waiting import SPARE_RECEIVES, seconds_away
from airflow_provider_hybrid.sqs.calls import Failures, delete_messages, in_batches, return_messages
from airflow_provider_hybrid.sqs.dead_letters.send import send_dead_letters
from airflow_provider_hybrid.sqs.errors import AWS_ERRORS, explain
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.redrive_policy import (
    RedrivePolicy,
    dead_letter_queue_of,
    find_redrive_policy,
)
from airflow_provider_hybrid.sqs.send_anew import send_anew

SHORTEST_PAUSE = 60
"""Seconds until a message comes back the first time; doubled with each further receive."""

LONGEST_PAUSE = 15 * 60
"""Seconds until it comes back at most."""

LONGEST_WAIT = 11 * 60 * 60
"""Seconds until a message comes back that SQS hands out only once or twice more; SQS allows 12 hours."""

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
        self._is_policy_unknown = False

    def is_last_chance(self, message: Message) -> bool:
        """Say whether SQS would move the message to the dead-letter queue instead of handing it out again.

        SQS moves it without the reason, so the dispatcher sends it there itself. A message without its body
        here was received for the first time (`dump_deliveries`).
        """
        policy = self._redrive_policy
        return bool(policy and message.body and message.receive_count >= policy.max_receive_count)

    def may_wait(self, message: Message, reserved: int = 0) -> bool:
        """Say whether a message may wait in the queue and still be handed out often enough.

        Each wait costs it a receive. If SQS does not tell how many it has, it may not wait.

        Args:
            message: As received.
            reserved: Receives that it needs for something else.
        """
        policy = self._redrive_policy
        if policy is None:
            return not self._is_policy_unknown
        return message.receive_count + reserved <= policy.max_receive_count - SPARE_RECEIVES

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

    def give_back(self, deliveries: Collection[Delivery], *, at_once: bool = False) -> dict[Message, int]:
        """Let messages come back: at once, or after a pause that grows with each receive.

        One of which a part is due before the pause has ended comes back for that.

        Returns:
            The pause for each message, in seconds. SQS may not have taken it: the log tells of that.
        """
        now = time.time()
        delays = {
            each.message: 0 if at_once else _until_due_at_most(each, pause_before_return(each.message), now)
            for each in deliveries
        }
        self._return(delays)
        return delays

    def let_wait(self, deliveries: Collection[Delivery], *, at_once: bool = False) -> dict[Message, int]:
        """Let messages wait in the queue. SQS never makes dead letters of them, however long it takes.

        A message that waits for its time comes back when it is due. Others come back after pauses that grow
        with each receive, and that differ. One of these that SQS would not hand out often enough is replaced
        by a copy; in a FIFO queue it has no copy, but the longest pause.

        Returns:
            The pause for each message, in seconds. SQS may not have taken it: the log tells of that.
        """
        if at_once:
            return self.give_back(deliveries, at_once=True)
        timed = [each for each in deliveries if _is_timed(each)]
        return self._until_due(timed) | self._patiently([each for each in deliveries if not _is_timed(each)])

    def _until_due(self, deliveries: Sequence[Delivery]) -> dict[Message, int]:
        delays: dict[Message, int] = {}
        for batch in in_batches(deliveries):
            now = time.time()
            pauses = {each.message: seconds_away(each.message, each.returns_at or now, now) for each in batch}
            self._return(pauses)
            delays |= pauses
        return delays

    def _patiently(self, deliveries: Sequence[Delivery]) -> dict[Message, int]:
        now = time.time()
        delays = {
            each.message: _until_due_at_most(each, pause_to_wait(each.message), now) for each in deliveries
        }
        last = {message: delay for message, delay in delays.items() if not self.may_wait(message)}
        kept = last.keys() if self._queue.is_fifo else self._send_anew(last).keys()
        delays |= dict.fromkeys(kept, LONGEST_WAIT)
        self._return({one: delay for one, delay in delays.items() if one not in last or one in kept})
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

    def _send_anew(self, delays: Mapping[Message, int]) -> Failures:
        """Replace messages by copies; return those that stay as they are, with the reasons."""
        if not delays:
            return {}
        try:
            return send_anew(self._client(), self._queue.url, delays)
        except AWS_ERRORS as error:
            log.warning(
                "%d message(s) wait for as long as SQS can hide them: they cannot be sent anew. %s",
                len(delays),
                explain(error, self._queue),
            )
            return dict.fromkeys(delays, "")

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
            self._is_policy_unknown = True
            log.warning("The queue's redrive policy is not known. %s", explain(error, self._queue))
            return None


def pause_before_return(message: Message) -> int:
    """Return the seconds until a message that could not be settled comes back.

    The pause grows, so that trouble costs little while it lasts. It is bounded, so that a DAG that is
    deployed later still gets its events soon.
    """
    doublings = min(message.receive_count - 1, 10)
    return int(min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**doublings))


def pause_to_wait(message: Message) -> int:
    """Return the seconds until a message comes back that waits for nobody knows how long.

    It is one to two times as long as `pause_before_return`. So thousands of messages that were sent together
    come back one by one, and not as a burst that others have to wait for.
    """
    shortest = pause_before_return(message)
    return random.randint(shortest, 2 * shortest)  # noqa: S311 - not a secret


def _until_due_at_most(delivery: Delivery, pause: int, now: float) -> int:
    """Return a pause, or the shorter time until a part of the message is due."""
    if delivery.returns_at is None:
        return pause
    return min(pause, seconds_away(delivery.message, delivery.returns_at, now))


def _is_timed(delivery: Delivery) -> bool:
    return delivery.returns_at is not None and not delivery.open_ended
