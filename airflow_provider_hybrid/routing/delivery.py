"""A delivery: one message and all that is to be done with it; and its way from task to task as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.routing.route import Launch


@dataclass(frozen=True)
class Delivery:
    """A message and all that is to be done with it.

    Args:
        message: The message.
        launches: The DAG runs that must exist before the message is settled.
        rejection: Why it then goes to the dead-letter queue; None where it is deleted.
        leave: Whether the rejected message stays in the queue instead.
    """

    message: Message
    launches: tuple[Launch, ...] = ()
    rejection: Rejection | None = None
    leave: bool = False

    @property
    def dag_ids(self) -> tuple[str, ...]:
        """The DAGs that it starts runs of."""
        return tuple(sorted({launch.trigger_dag_id for launch in self.launches}))


def dump_deliveries(deliveries: Iterable[Delivery]) -> str:
    """Write deliveries as JSON text, which Airflow carries without reading any meaning into it.

    What a message holds travels along only where it may have to be sent on.
    """
    return json.dumps([asdict(_without_ballast(delivery)) for delivery in deliveries])


def load_deliveries(text: str) -> list[Delivery]:
    """Read what `dump_deliveries` wrote."""
    return [
        Delivery(
            message=Message(**fields["message"]),
            launches=tuple(Launch(**launch) for launch in fields["launches"]),
            rejection=Rejection(**fields["rejection"]) if fields["rejection"] else None,
            leave=fields["leave"],
        )
        for fields in json.loads(text)
    ]


def _without_ballast(delivery: Delivery) -> Delivery:
    if delivery.rejection:
        return delivery
    return replace(delivery, message=replace(delivery.message, body="", message_attributes={}))
