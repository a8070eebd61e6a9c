"""A delivery: one message and all that is to be done with it, also as JSON for the way from task to task."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.routing.expectation import Deadline
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.miss import Miss
from airflow_provider_hybrid.routing.window import Window


@dataclass(frozen=True)
class Delivery:
    """A message and all that is to be done with it.

    Args:
        message: The message.
        launches: The DAG runs that must exist before the message is settled.
        rejection: The reason why it then goes to the dead-letter queue; None if it is deleted.
        leave: Whether the rejected message stays in the queue instead.
        events: The headlines of the events in it; none if it cannot be understood.
        misses: For the events that no route wants, the conditions that they fail.
        later: Further DAG runs that must exist, and that are not to be started with this delivery.
        waits_for: Why the message is not to be settled with this delivery; empty if it is.
        returns_at: When it is to be delivered again at the latest, in seconds since 1970; None if it does not
            wait for a time.
        open_ended: Whether nobody knows how long it waits: there is no room for its runs, or a broken route
            may want its events.
    """

    message: Message
    launches: tuple[Launch, ...] = ()
    rejection: Rejection | None = None
    leave: bool = False
    events: tuple[Headline, ...] = ()
    misses: tuple[Miss, ...] = ()
    later: tuple[Launch, ...] = ()
    waits_for: str = ""
    returns_at: float | None = None
    open_ended: bool = False

    def put_off(self, launches: Collection[Launch], why: str) -> Delivery:
        """Let some launches wait for nobody knows how long, beside those that wait already.

        A run that many events share waits with them: the next delivery of the message would make it of other
        events, with another id.

        Args:
            launches: Those that wait; none if only the message does.
            why: What they wait for.
        """
        # A message may ask for thousands of runs: each comparison of two launches compares all their fields.
        waiting = {*launches, *(launch for launch in self.launches if launch.max_events)}
        return replace(
            self,
            launches=tuple(launch for launch in self.launches if launch not in waiting),
            later=(*self.later, *(launch for launch in self.launches if launch in waiting)),
            waits_for="; ".join(filter(None, (self.waits_for, why))),
            open_ended=True,
        )

    def put_off_until(self, returns_at: float, why: str) -> Delivery:
        """Let all launches wait until a time.

        Args:
            returns_at: When it is to be delivered again, in seconds since 1970.
            why: What they wait for.
        """
        return replace(
            self,
            launches=(),
            later=(*self.later, *self.launches),
            waits_for="; ".join(filter(None, (self.waits_for, why))),
            returns_at=returns_at if self.returns_at is None else min(returns_at, self.returns_at),
        )

    @property
    def dag_ids(self) -> tuple[str, ...]:
        """The ids of the DAGs that it starts runs of, sorted."""
        return tuple(sorted({launch.trigger_dag_id for launch in self.launches}))

    def without_subjects(self) -> Delivery:
        """Return the same delivery, without what its events are about."""
        return replace(self, events=tuple(replace(headline, subject="") for headline in self.events))


def dump_deliveries(deliveries: Sequence[Delivery]) -> str:
    """Write deliveries as JSON text, which Airflow carries without reading any meaning into it.

    A launch that several messages share is written once. The body and the attributes of a message are written
    only if it may have to be sent again: if it is rejected, waits, or was received before.
    """
    launches = {launch: None for delivery in deliveries for launch in (*delivery.launches, *delivery.later)}
    places = {launch: place for place, launch in enumerate(launches)}
    return json.dumps(
        {
            "launches": [asdict(launch) for launch in launches],
            "deliveries": [
                {
                    "message": _without_ballast(delivery).as_dict(),
                    "launches": [places[launch] for launch in delivery.launches],
                    "rejection": delivery.rejection and asdict(delivery.rejection),
                    "leave": delivery.leave,
                    "events": [asdict(headline) for headline in delivery.events],
                    "misses": [asdict(miss) for miss in delivery.misses],
                    "later": [places[launch] for launch in delivery.later],
                    "waits_for": delivery.waits_for,
                    "returns_at": delivery.returns_at,
                    "open_ended": delivery.open_ended,
                }
                for delivery in deliveries
            ],
        }
    )


def load_deliveries(text: str) -> list[Delivery]:
    """Read what `dump_deliveries` wrote."""
    document = json.loads(text)
    launches = [_load_launch(fields) for fields in document["launches"]]
    return [
        Delivery(
            message=Message(**fields["message"]),
            launches=tuple(launches[place] for place in fields["launches"]),
            rejection=_load_rejection(fields["rejection"]),
            leave=fields["leave"],
            events=tuple(Headline(**headline) for headline in fields["events"]),
            misses=tuple(Miss(**miss) for miss in fields["misses"]),
            later=tuple(launches[place] for place in fields["later"]),
            waits_for=fields["waits_for"],
            returns_at=fields["returns_at"],
            open_ended=fields["open_ended"],
        )
        for fields in document["deliveries"]
    ]


def _load_launch(fields: dict[str, Any]) -> Launch:
    window = fields["window"] and Window(**fields["window"])
    meets = tuple(Deadline(**deadline) for deadline in fields["meets"])
    return Launch(**{**fields, "window": window, "meets": meets})


def _load_rejection(fields: dict[str, Any] | None) -> Rejection | None:
    return Rejection(**{**fields, "routes": tuple(fields["routes"])}) if fields else None


def _without_ballast(delivery: Delivery) -> Message:
    if delivery.rejection or delivery.waits_for or delivery.message.receive_count > 1:
        return delivery.message
    return replace(delivery.message, body="", message_attributes={})
