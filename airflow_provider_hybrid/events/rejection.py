"""A rejection: the fault because of which a message is not simply deleted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rejection:
    """The reason that goes with a message to the dead-letter queue.

    Args:
        error_type: The kind of fault, for programs: ``MessageParseError``, ``RouteError`` or ``Unmatched``.
        error_message: The fault in words, for people.
        routes: The names of the routes that raised a `RouteError`, each once.
    """

    error_type: str
    error_message: str
    routes: tuple[str, ...] = ()
