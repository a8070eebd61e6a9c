"""The id of the DAG run that a route makes out of an event."""

from __future__ import annotations

import hashlib
import re

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
