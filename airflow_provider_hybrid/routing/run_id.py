"""The id of a DAG run: readable for people, and the same at each try."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

LONGEST_SUBJECT = 80
"""The most characters of a run id's subject. With a route's name of 100 characters the id has 204.

Airflow's database has room for 250.
"""

HASH_LENGTH = 20
"""The hexadecimal digits of a run id's hash, 80 bits.

Two events meet only if they have the same route, the same subject and the same hash. A billion events with
one subject: 10^18 / 2^81, a chance of 1 in 2.4 million. Nobody can make an event that has another one's hash:
that takes 2^80 tries.
"""

_END = re.compile(rf"__[0-9a-f]{{{HASH_LENGTH}}}\Z")

_UNSAFE = re.compile(r"[^A-Za-z0-9_.~:+-]+")
"""Characters that a version of Airflow's API refuses in a run id."""


def run_id(route: str, event_id: str, subject: str) -> str:
    """Name the run ``<route>__<subject>__<hash>``, the same for every delivery of the event.

    Args:
        route: The route's name, at most 100 characters that are safe.
        event_id: Any text; the hash is made of it.
        subject: What the event is about, any text. Characters that Airflow refuses become ``-``. A long one
            keeps its end. An empty one is left out.
    """
    return "__".join(part for part in (route, in_run_id(subject), hash_of(event_id)) if part)


def in_run_id(subject: str) -> str:
    """Write a subject, or a part of one, as it stands in a run id; empty if nothing of it does."""
    return _UNSAFE.sub("-", subject)[-LONGEST_SUBJECT:].strip("-")


def is_run_id(text: str, routes: Iterable[str]) -> bool:
    """Say whether a text has the form of the run ids that routes of these names make."""
    return bool(_END.search(text)) and text.startswith(tuple(f"{route}__" for route in routes))


def hash_of(event_id: str) -> str:
    """Return the end of the ids of all runs that an event starts, whatever their routes."""
    return hashlib.sha256(event_id.encode()).hexdigest()[:HASH_LENGTH]
