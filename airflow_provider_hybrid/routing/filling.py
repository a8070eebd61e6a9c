"""What of a batch there is room for: the rest waits, and holds up nobody else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.room import Room
from airflow_provider_hybrid.routing.window import Window


@dataclass
class Filled:
    """A batch, split by the room that there is.

    Args:
        fitting: The deliveries to launch, in order. Those with ``later`` have some runs that must wait.
        waiting: Those that must wait for room of their DAGs.
        surplus: Those for which ``max_queued_runs_total`` leaves no room.
        full: The DAGs that are full, and that some of the deliveries wait for.
    """

    fitting: list[Delivery] = field(default_factory=list)
    waiting: list[Delivery] = field(default_factory=list)
    surplus: list[Delivery] = field(default_factory=list)
    full: set[str] = field(default_factory=set)


def fill(
    room: Room,
    deliveries: Iterable[Delivery],
    *,
    ordered: bool = False,
    may_wait: Callable[[Message], bool] = lambda _: True,
) -> Filled:
    """Split a batch into what there is room for, and what must wait.

    A full DAG holds up its own runs only. A message asks for all its runs of a DAG, or for none of them: if
    there is room for one, all are launched, or a message with more runs than the limit could wait for ever.
    Runs that already exist count too: only their launch finds out that they exist.

    Args:
        room: The room that there is.
        deliveries: The batch, not yet combined.
        ordered: Whether a message that waits holds back the later ones of its message group (a FIFO queue).
        may_wait: Whether SQS will hand out a message often enough after this time. One that may not wait is
            launched, however full its DAGs are.
    """
    filled = Filled()
    added = _Added()
    stuck: dict[str | None, tuple[list[Delivery], str]] = {}
    for delivery in deliveries:
        group_id = delivery.message.group_id if ordered else None
        if group_id in stuck:
            place, behind = stuck[group_id]
            place.append(delivery.put_off(delivery.launches, behind))
            continue
        place, treated = _place(room, delivery, added, filled, may_wait)
        place.append(treated)
        added.add(treated.launches)
        if group_id is not None and treated.waits_for:
            behind = f"it waits for message {delivery.message.message_id} of its message group"
            stuck[group_id] = (filled.waiting if place is filled.fitting else place, behind)
    return filled


def _place(
    room: Room,
    delivery: Delivery,
    added: _Added,
    filled: Filled,
    may_wait: Callable[[Message], bool],
) -> tuple[list[Delivery], Delivery]:
    """Return the part of the batch that a delivery belongs to, and the delivery as it is to be treated."""
    new = [launch for launch in delivery.launches if added.costs(launch)]
    later = [
        launch
        for launch in new
        if room.is_full(launch.route, launch.trigger_dag_id, added.runs[launch.trigger_dag_id])
    ]
    exceeds = bool(new) and added.runs.total() >= room.total
    if not (later or exceeds) or not may_wait(delivery.message):
        return filled.fitting, delivery
    if exceeds:
        why = f"no room: more than 'max_queued_runs_total' allows. {room}"
        return filled.surplus, delivery.put_off(delivery.launches, why)
    full = {launch.trigger_dag_id for launch in later}
    filled.full |= full
    treated = delivery.put_off(later, f"no room: {room.why_full(full)}")
    return filled.fitting if treated.launches else filled.waiting, treated


class _Added:
    """The runs that a batch adds, by DAG. Launches that become one run, and equal ones, count once."""

    def __init__(self) -> None:
        self.runs: Counter[str] = Counter()
        self._seen: dict[tuple[str, str, Window | None], set[str]] = defaultdict(set)

    def costs(self, launch: Launch) -> bool:
        """Say whether a launch adds a run of its own."""
        seen = self._seen[launch.route, launch.trigger_dag_id, launch.window]
        return launch.trigger_run_id not in seen and len(seen) % (launch.max_events or 1) == 0

    def add(self, launches: Iterable[Launch]) -> None:
        """Add launches."""
        for launch in launches:
            self.runs[launch.trigger_dag_id] += self.costs(launch)
            self._seen[launch.route, launch.trigger_dag_id, launch.window].add(launch.trigger_run_id)
