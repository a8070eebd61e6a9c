"""The order in which runs are started, and the effect of a refusal on the messages behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch


@dataclass
class Launched:
    """The outcome for a group of deliveries.

    Args:
        done: Those to settle now: every run exists, or the message will never work.
        refused: The messages that must come back, as a run did not start; each with the reason.
        waiting: The messages that must come back, as they wait; each with the reason.
    """

    done: list[Delivery] = field(default_factory=list)
    refused: dict[Message, str] = field(default_factory=dict)
    waiting: dict[Message, str] = field(default_factory=dict)


def launch_in_order(
    deliveries: Iterable[Delivery],
    start: Callable[[Launch], str],
    *,
    ordered: bool,
    is_last_chance: Callable[[Message], bool],
) -> Launched:
    """Start the runs of deliveries one after the other, each run once; a refusal harms no other message.

    Args:
        deliveries: In the order in which they came.
        start: Starts a run; returns why it did not start, or nothing.
        ordered: Whether a message that comes back holds back the later ones of its message group (a FIFO
            queue).
        is_last_chance: Whether SQS would not hand out the message again. Such a message is done too: it goes
            to the dead-letter queue, with the reason, and holds back nobody.
    """
    launched = Launched()
    answers: dict[Launch, str] = {}
    stuck: dict[str | None, tuple[dict[Message, str], str]] = {}
    for delivery in deliveries:
        message = delivery.message
        group_id = message.group_id if ordered else None
        if group_id in stuck:
            place, first = stuck[group_id]
            place[message] = f"waits for message {first} of its message group"
            continue
        for launch in delivery.launches:
            if launch not in answers:
                answers[launch] = start(launch)
        refusals = [(launch, answers[launch]) for launch in delivery.launches if answers[launch]]
        reason = "; ".join(answer for _, answer in refusals)
        if not refusals and not delivery.waits_for:
            launched.done.append(delivery)
            continue
        if refusals and is_last_chance(message):
            routes = tuple(launch.route for launch, _ in refusals)
            rejection = Rejection("LaunchError", reason, routes)
            launched.done.append(replace(delivery, rejection=rejection, leave=False))
            continue
        place = launched.refused if refusals else launched.waiting
        place[message] = reason or delivery.waits_for
        if group_id is not None:
            stuck[group_id] = place, message.message_id
    return launched
