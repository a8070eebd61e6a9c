"""What a watching trigger has handed to Airflow, and no run has taken yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.queues.lease import RENEWALS

REMIND = 3.0
"""Seconds until Airflow is reminded of a batch that no run took.

Airflow starts an asset-triggered run for the events stored up to a moment; one stored between that moment and
the scheduler's pass waits for the next event (https://github.com/apache/airflow/issues/56050).
"""

LONGEST_REMINDER = 64.0
"""Seconds between two reminders at most, while Airflow takes nothing at all."""

MAX_BATCHES = 4
"""With so many batches that no run took, nothing more is received: the queue is the buffer."""


@dataclass
class Batch:
    """Messages in one event.

    Args:
        messages: As received.
        received_at: What the event says of the time; a run tells by it what it took.
        renewed: When their visibility timeout last began, on the clock of `Handover`.
    """

    messages: list[Message]
    received_at: float
    renewed: float


@dataclass
class Handover:
    """Batches on their way from the trigger to a run of the dispatcher.

    Until a run has taken a batch, the trigger keeps its messages invisible: else they would come back again
    and again while Airflow is slow or down, and at last be taken for poison. All times are seconds of one
    monotonic clock.
    """

    batches: list[Batch] = field(default_factory=list)
    _told: float = 0.0
    _patience: float = field(default_factory=lambda: REMIND)

    @property
    def is_full(self) -> bool:
        """Whether Airflow should take something before more is received."""
        return len(self.batches) >= MAX_BATCHES

    def add(self, messages: list[Message], received_at: float, now: float) -> None:
        """Hand over a batch."""
        self.batches.append(Batch(messages, received_at, now))
        self._told = now

    def taken(self, up_to: float) -> None:
        """Forget what a run took: runs take events in the order in which they were yielded."""
        waiting = [batch for batch in self.batches if batch.received_at > up_to]
        if len(waiting) < len(self.batches):
            self._patience = REMIND
        self.batches = waiting

    def to_renew(self, now: float, visibility_timeout: float) -> list[Message]:
        """Return the messages whose visibility timeout should start anew now."""
        due = [batch for batch in self.batches if now - batch.renewed >= visibility_timeout / RENEWALS]
        for batch in due:
            batch.renewed = now
        return [message for batch in due for message in batch.messages]

    def wants_reminder(self, now: float) -> bool:
        """Say whether Airflow should be told again; less and less often while it takes nothing."""
        if not self.batches or now - self._told < self._patience:
            return False
        self._told = now
        self._patience = min(LONGEST_REMINDER, 2 * self._patience)
        return True
