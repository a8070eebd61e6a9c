"""A window: a span of time whose events become one run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from airflow_provider_hybrid.routing.moment import iso

STEP = 5
"""Windows end at moments that are whole multiples of so many seconds, and last such a multiple.

What ends together comes back together. Between two such moments nothing ends, so a task that waits for the
last messages of a window waits for all windows at once.
"""

ON_THE_WAY = 2
"""Seconds after its end until a window is closed: an event that was sent just before may be on its way."""


@dataclass(frozen=True)
class Window:
    """A window of one route and key. Its key is not shown: it may be part of an event.

    Args:
        key: What the events in it have in common, as the route's template says.
        begins: The first moment at which an event in it can have been sent, in seconds since 1970.
        ends: The first moment after it.
    """

    key: str
    begins: float
    ends: float

    def __repr__(self) -> str:
        """Show the span only."""
        return f"Window({iso(self.begins)} to {iso(self.ends)})"

    @property
    def conf(self) -> dict[str, str]:
        """The window as the run sees it: ``from``, ``to`` and ``key``; times are ISO 8601 in UTC."""
        return {"from": iso(self.begins), "to": iso(self.ends), "key": self.key}


def window_of(route: str, key: str, sent_at: float, seconds: int, delay: int = 0) -> Window:
    """Return the window that an event lies in: the same for every delivery of its message.

    The borders of a route's windows differ from key to key, so that not all windows end at once.

    Args:
        route: The route's name.
        key: The key.
        sent_at: When the event was sent, in seconds since 1970.
        seconds: How long a window lasts, a multiple of `STEP`.
        delay: Seconds from the window's end to its runs, which are due at multiples of `STEP`.
    """
    places = seconds // STEP
    digest = hashlib.sha256(f"{route}\n{key}".encode()).digest()
    first = int.from_bytes(digest[:8], "big") % places * STEP - delay
    begins = first + (sent_at - first) // seconds * seconds
    return Window(key, begins, begins + seconds)
