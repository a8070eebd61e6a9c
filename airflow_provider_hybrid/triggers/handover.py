"""What a watching trigger has received, and no run has taken yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.queues.lease import RENEWALS
from airflow_provider_hybrid.triggers.event import MAX_BYTES

SOONEST, LATEST = 0.1, 1.0
"""Seconds from one look at what Airflow does with a batch to the next."""

REMIND = 8.0
"""Seconds until Airflow is reminded of a batch that no run took."""

LONGEST_REMINDER = 64.0
"""Seconds between two reminders at most."""

MAX_UNDER_WAY = 2
"""Batches that no run has taken: one may wait for a worker while Airflow starts a run for the next."""


@dataclass
class Handover:
    """Messages on their way from the trigger to runs of a DAG, one batch after the other.

    Airflow starts an asset-triggered run for the events that are stored up to a moment; one that is stored
    between that moment and the scheduler's pass waits for the next event, whenever that comes
    (https://github.com/apache/airflow/issues/56050). So a batch is handed over only when the one before has
    a run. Where runs cannot be counted it waits until a run has taken the one before, and where the workers
    are behind, until one has taken the one before that. What arrives meanwhile becomes the next batch.

    Until a run has taken them, the trigger keeps messages invisible: else they would come back again and
    again while Airflow is slow or down, and at last be taken for poison.

    Args:
        visibility_timeout: Seconds until a message comes back that nobody keeps invisible.

    All times are seconds of one monotonic clock, but for ``received_at``, by which a run tells what it took.
    """

    visibility_timeout: float
    held: list[Message] = field(default_factory=list)
    _under_way: list[tuple[float, list[Message]]] = field(default_factory=list)
    _runs: int | None = None
    _runs_before: int | None = None
    _handed_over: float = 0.0
    _renewed: float = 0.0
    _told: float = 0.0
    _patience: float = 0.0

    @property
    def is_under_way(self) -> bool:
        """Whether a batch was handed over that no run has taken yet."""
        return bool(self._under_way)

    @property
    def may_go_on(self) -> bool:
        """Whether another batch may be handed over: the last has a run, and the workers are not behind."""
        if not self._under_way:
            return True
        if self._runs is None or self._runs_before is None:
            return False
        return self._runs > self._runs_before and len(self._under_way) < MAX_UNDER_WAY

    def is_full(self, max_messages: int) -> bool:
        """Say whether the next batch is large enough."""
        return len(self.held) >= max_messages or sum(message.size for message in self.held) >= MAX_BYTES

    def hold(self, messages: list[Message], now: float) -> None:
        """Keep what was received just now for the next batch."""
        if not self.held and not self._under_way:
            self._renewed = now
        self.held += messages

    def hand_over(self, received_at: float, now: float) -> None:
        """Note that all that was held was handed over, in an event of this ``received_at``."""
        self._under_way.append((received_at, self.held))
        self.held = []
        self._runs_before = self._runs
        self._handed_over = self._told = now
        self._patience = REMIND

    def next_look(self, now: float) -> float:
        """Return in how many seconds to look at what Airflow does with what is under way.

        In a tenth of the time for which it has been: quick where Airflow is, no burden where it is down.
        """
        return min(LATEST, max(SOONEST, (now - self._handed_over) / 10))

    def counted(self, runs: int | None) -> None:
        """Note how many runs the DAG has now, in whatever state; None if that is not known."""
        self._runs = runs

    def taken(self, up_to: float) -> None:
        """Note that a run took the events up to this ``received_at``."""
        self._under_way = [batch for batch in self._under_way if batch[0] > up_to]

    def to_renew(self, now: float) -> list[Message]:
        """Return the messages whose visibility timeout should start anew now."""
        if now - self._renewed < self.visibility_timeout / RENEWALS:
            return []
        self._renewed = now
        return [message for _, batch in self._under_way for message in batch] + self.held

    def wants_reminder(self, now: float) -> bool:
        """Say whether Airflow should be told again of what is under way; less and less often."""
        if not self._under_way or now - self._told < self._patience:
            return False
        self._told, self._patience = now, min(LONGEST_REMINDER, 2 * self._patience)
        return True
