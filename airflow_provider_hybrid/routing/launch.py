"""A launch: one DAG run that is asked for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Launch:
    """A DAG run that is asked for.

    Neither conf nor note show in its ``repr``: what an event holds does not belong in a log.

    Args:
        route: The name of the route that asks for it.
        trigger_dag_id: The DAG to run.
        trigger_run_id: The run's id; deterministic, so that asking twice starts it once.
        conf: All that the run needs.
        note: Why it runs, for people; at most 1,000 characters.
        max_events: How many launches of this route may become one run; None for a run of its own.
    """

    route: str
    trigger_dag_id: str
    trigger_run_id: str
    conf: dict[str, Any] = field(hash=False, repr=False)
    note: str = field(repr=False)
    max_events: int | None = None


def batch_of(launches: Sequence[Launch]) -> Launch:
    """Make one launch of many, whose conf has theirs as the list ``events``.

    Its run id is made of theirs, so the same events make the same run, in whatever order they come.

    Args:
        launches: At least one, all of the same route and DAG.
    """
    first = launches[0]
    ids = sorted(launch.trigger_run_id for launch in launches)
    digest = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:32]
    return Launch(
        route=first.route,
        trigger_dag_id=first.trigger_dag_id,
        trigger_run_id=run_id(first.route, f"batch-{digest}"),
        conf={"events": [launch.conf for launch in launches]},
        note=f"Route {first.route}, {len(launches)} event(s)",
    )


MAX_LENGTH = 250
"""Characters; the column in Airflow's database."""

_UNSAFE = re.compile(r"[^A-Za-z0-9_.~:+-]")
"""What Airflow's API refuses in a run id, in one version or another."""


def run_id(route: str, event_id: str) -> str:
    """Name the run ``<route>__<event id>``, the same for every delivery of the event.

    An id that Airflow would refuse is made safe, and kept apart from others by a hash of the original.

    Args:
        route: The route's name, at most 100 characters that are safe.
        event_id: Any text.
    """
    plain = f"{route}__{event_id}"
    if len(plain) <= MAX_LENGTH and not _UNSAFE.search(plain):
        return plain
    digest = hashlib.sha256(event_id.encode()).hexdigest()[:32]
    return f"{_UNSAFE.sub('_', plain)[: MAX_LENGTH - len(digest) - 1]}~{digest}"
