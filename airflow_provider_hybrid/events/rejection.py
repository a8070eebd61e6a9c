"""Why a message can never work as things stand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rejection:
    """The reason that goes with a message to the dead-letter queue.

    Args:
        error_type: A word for programs: ``MessageParseError``, ``RouteError`` or ``Unmatched``.
        error_message: A sentence for people.
        routes: The names of the routes that broke, none of them twice; empty where it was none's fault.
    """

    error_type: str
    error_message: str
    routes: tuple[str, ...] = ()
