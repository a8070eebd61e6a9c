"""A choice among dead letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from airflow_provider_hybrid.sqs.dead_letters.letter import ERROR_TYPES, DeadLetter


@dataclass(frozen=True)
class Choice:
    """A choice by id, route and error type; without any of them it means all dead letters.

    Args:
        ids: Identities, or message ids from SQS; empty for any.
        route: One of the routes that broke; None for any.
        error_type: The error type; None for any.
    """

    ids: frozenset[str] = frozenset()
    route: str | None = None
    error_type: str | None = None

    def among(self, letters: Iterable[DeadLetter]) -> list[DeadLetter]:
        """Return the chosen ones; with ids, stop reading once each is found."""
        found: list[DeadLetter] = []
        for letter in letters:
            if self.means(letter):
                found.append(letter)
                if self.ids and not self.missing(found):
                    break
        return found

    def unknown(self, routes: Iterable[str], letters: Iterable[DeadLetter]) -> list[str]:
        """Say which of the chosen names neither the configuration nor any dead letter knows.

        Args:
            routes: The routes of the configuration. A dead letter may name a route of an earlier one.
            letters: All dead letters in the queue.

        Returns:
            A sentence for each unknown name.
        """
        known_routes, known_types = set(routes), set(ERROR_TYPES)
        for letter in letters:
            known_routes.update(letter.routes)
            known_types.add(letter.error_type)
        faults: list[str] = []
        if self.route is not None and self.route not in known_routes:
            faults.append(f"no route is called {self.route!r}: there are {', '.join(sorted(known_routes))}")
        if self.error_type is not None and self.error_type not in known_types:
            faults.append(f"there is no error type {self.error_type!r}, but {', '.join(sorted(known_types))}")
        return faults

    def missing(self, found: Iterable[DeadLetter]) -> list[str]:
        """Return the chosen ids that none of these has."""
        return sorted(self.ids - {name for letter in found for name in _names(letter)})

    def means(self, letter: DeadLetter) -> bool:
        """Say whether a dead letter is among the chosen ones."""
        return (
            (not self.ids or not self.ids.isdisjoint(_names(letter)))
            and self.route in {None, *letter.routes}
            and self.error_type in {None, letter.error_type}
        )


def _names(letter: DeadLetter) -> set[str]:
    return {letter.id, letter.message.message_id}
