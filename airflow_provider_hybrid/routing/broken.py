"""Routes that cannot be used until somebody mends them, and the events that they may want."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.patterns.pattern import EventPattern
from airflow_provider_hybrid.routing.fault import Fault


@dataclass(frozen=True)
class BrokenRoutes:
    """The broken routes of a configuration.

    Args:
        faults: What is wrong; empty if no route is broken.
        patterns: The patterns of those whose fault is elsewhere.
        disabled: What is wrong with broken routes that are switched off. They want no event.
    """

    faults: tuple[Fault, ...] = ()
    patterns: tuple[EventPattern, ...] = ()
    disabled: tuple[Fault, ...] = ()

    @property
    def all_faults(self) -> tuple[Fault, ...]:
        """What is wrong with all of them."""
        return (*self.faults, *self.disabled)

    def may_want(self, envelope: Mapping[str, Any], *, is_wanted: bool) -> bool:
        """Say whether an event must be kept for a broken route.

        That holds for an event that no valid route wants, and for one that the pattern of a broken route
        matches.

        Args:
            envelope: The event, as :meth:`Event.as_dict` returns it.
            is_wanted: Whether a valid route wants it.
        """
        if not self.faults:
            return False
        return not is_wanted or any(pattern.matches(envelope) for pattern in self.patterns)

    def __str__(self) -> str:
        """Name every fault."""
        faults = "\n".join(f"- {fault}" for fault in self.faults)
        return f"Routes have {len(self.faults)} fault(s), and the other routes go on:\n{faults}"


NONE_BROKEN = BrokenRoutes()
"""Every route is valid."""
