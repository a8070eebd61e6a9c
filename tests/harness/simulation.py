"""A queue and a dispatcher in which time is a value: hours pass in no time, and crashes come anywhere."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest import mock

from airflow_provider_hybrid.dispatch import settle
from airflow_provider_hybrid.dispatch.order import launch_in_order
from airflow_provider_hybrid.dispatch.plan import Planner
from airflow_provider_hybrid.dispatch.settle import Settlement
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.pace import Pace, Pacer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from airflow_provider_hybrid.config.models import DispatcherConfig
    from airflow_provider_hybrid.routing.launch import Launch

VISIBILITY = 30.0


class Crash(Exception):  # noqa: N818 - what happens, not what is wrong
    """The process that has the messages is gone."""


@dataclass
class Stored:
    """A message in the queue."""

    message_id: str
    body: str
    sent_at: float
    visible_at: float
    receives: int = 0
    repeats: int = 0


@dataclass(frozen=True)
class Sending:
    """A message that is sent at a moment, and is on its way for a while."""

    at: float
    message_id: str
    body: str
    late: float = 0


@dataclass
class SimulatedSqs:
    """A standard queue: it hands messages out in any order, and now and then one more than once."""

    seed: int = 0
    now: float = 1_800_000_000.0
    stored: dict[str, Stored] = field(default_factory=dict)
    seen: dict[str, Stored] = field(default_factory=dict)
    repeats: float = 0.0

    def __post_init__(self) -> None:
        """Let the seed decide everything."""
        self.chance = random.Random(self.seed)  # noqa: S311 - not a secret

    def send(self, sending: Sending) -> None:
        """Store a message."""
        stored = Stored(sending.message_id, sending.body, sending.at, sending.at + sending.late)
        self.stored[sending.message_id] = self.seen[sending.message_id] = stored

    def receive(self, number: int) -> list[Message]:
        """Hand out messages that are visible."""
        visible = [each for each in self.stored.values() if each.visible_at <= self.now]
        return [self._hand_out(each) for each in self.chance.sample(visible, min(number, len(visible)))]

    def time(self) -> float:
        """Return the time, in the place of the module's function."""
        return self.now

    def next_at(self) -> float:
        """Return when the next message is visible."""
        return min(each.visible_at for each in self.stored.values())

    def change_message_visibility_batch(self, QueueUrl: str, Entries: list[Any]) -> Any:  # noqa: N803
        """Let messages come back later, as SQS does: in whole seconds from now."""
        for entry in Entries:
            if stored := self.stored.get(entry["ReceiptHandle"]):
                stored.visible_at = self.now + entry["VisibilityTimeout"]
        return {}

    def delete_message_batch(self, QueueUrl: str, Entries: list[Any]) -> Any:  # noqa: N803
        """Forget messages."""
        for entry in Entries:
            self.stored.pop(entry["ReceiptHandle"], None)
        return {}

    def _hand_out(self, stored: Stored) -> Message:
        stored.receives += 1
        if self.chance.random() < self.repeats:
            stored.repeats += 1
        else:
            stored.visible_at = self.now + VISIBILITY
        attributes = {
            "SentTimestamp": str(int(stored.sent_at * 1000)),
            "ApproximateReceiveCount": str(stored.receives),
        }
        return Message(
            stored.message_id, stored.body, attributes, {}, stored.message_id, "queue", received_at=self.now
        )


@dataclass
class SimulatedDispatcher:
    """Does with messages what a dispatcher does, by its own code; a crash may come between any two steps."""

    sqs: SimulatedSqs
    config: DispatcherConfig
    crashes: set[int] = field(default_factory=set)
    runs: dict[str, Launch] = field(default_factory=dict)
    paces: dict[str, Pace] = field(default_factory=dict)
    started_at: dict[str, float] = field(default_factory=dict)
    steps: int = 0
    crashed_after_a_launch: bool = False

    def play(self, sendings: Iterable[Sending], idle: Iterable[float] = ()) -> None:
        """Work on messages as they come, until the queue is empty; be away for some times in between."""
        coming = sorted(sendings, key=lambda sending: sending.at)
        pauses = list(idle)
        while coming or self.sqs.stored:
            moments = [sending.at for sending in coming[:1]]
            if self.sqs.stored:
                moments.append(self.sqs.next_at())
            self.sqs.now = max(self.sqs.now, min(moments))
            if pauses:
                self.sqs.now += pauses.pop()
            while coming and coming[0].at <= self.sqs.now:
                self.sqs.send(coming.pop(0))
            self.work()

    def work(self) -> None:
        """Take one batch, launch and settle it, and give back what waits."""
        try:
            with mock.patch.object(settle, "time", self.sqs):
                self._work()
        except Crash:
            pass

    def _work(self) -> None:
        planner = Planner(self.config, ordered=False)
        messages = self.sqs.receive(self.config.max_messages)
        if until := planner.gathered_at(messages, self.sqs.now):
            self.sqs.now = until
            messages += self.sqs.receive(self.config.max_messages - len(messages))
        self._step()
        pacer = Pacer(self.config.rates, self.paces, self.sqs.now)
        plan = planner.plan(messages, None, self.sqs.now, pacer=pacer)
        self.paces = pacer.paces
        self._step()
        settlement = Settlement(lambda: self.sqs, self.config.queue, None, "run")
        outcome = launch_in_order(plan.deliveries, self._start, ordered=False, is_last_chance=lambda _: False)
        self._step(launched=bool(plan.deliveries))
        settlement.settle(outcome.done)
        self._step()
        settlement.let_wait([each for each in plan.deliveries if each.message in outcome.waiting])
        self._step()
        settlement.let_wait(plan.waiting)

    def _start(self, launch: Launch) -> str:
        self._step(launched=bool(self.runs))
        if launch.trigger_run_id not in self.runs:
            self.runs[launch.trigger_run_id] = launch
            self.started_at[launch.trigger_run_id] = self.sqs.now
        return ""

    def _step(self, *, launched: bool = False) -> None:
        self.sqs.now += 0.01
        self.steps += 1
        if self.steps in self.crashes:
            self.crashed_after_a_launch |= launched
            raise Crash


def body_of(event_id: str, key: str) -> str:
    """Return the body of an event in EventBridge's envelope."""
    return json.dumps({"id": event_id, "source": "shop", "detail": {"key": key, "event": event_id}})
