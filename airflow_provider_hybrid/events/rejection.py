"""Why a message can never work as things stand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rejection:
    """The reason that goes with a message to the dead-letter queue.

    Args:
        error_type: A word for programs: ``MessageParseError``, ``RouteError`` or ``Unmatched``.
        error_message: A sentence for people.
    """

    error_type: str
    error_message: str
