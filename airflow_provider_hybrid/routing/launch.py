"""A launch: one DAG run that a route asks for."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Launch:
    """A DAG run that a route asks for.

    Its ``repr`` shows neither conf nor note: what an event holds does not belong in a log.

    Args:
        route: The route's name.
        trigger_dag_id: The DAG to run.
        trigger_run_id: The run's id, the same at each try, so that the run starts once.
        conf: All that the run needs.
        note: The reason for the run, for people; at most 1,000 characters.
        max_events: The most launches of this route that may become one run; None for a run of its own.
    """

    route: str
    trigger_dag_id: str
    trigger_run_id: str
    conf: dict[str, Any] = field(hash=False, repr=False)
    note: str = field(repr=False)
    max_events: int | None = None


MAX_LENGTH = 250
"""The most characters of a run id: the width of the column in Airflow's database."""

_UNSAFE = re.compile(r"[^A-Za-z0-9_.~:+-]")
"""A character that a version of Airflow's API refuses in a run id."""


def run_id(route: str, event_id: str) -> str:
    """Name the run ``<route>__<event id>``, the same for every delivery of the event.

    An id that Airflow would refuse is made safe, and gets a hash of the original to stay unique.

    Args:
        route: The route's name, at most 100 characters that are safe.
        event_id: Any text.
    """
    plain = f"{route}__{event_id}"
    if len(plain) <= MAX_LENGTH and not _UNSAFE.search(plain):
        return plain
    digest = hashlib.sha256(event_id.encode()).hexdigest()[:32]
    return f"{_UNSAFE.sub('_', plain)[: MAX_LENGTH - len(digest) - 1]}~{digest}"
