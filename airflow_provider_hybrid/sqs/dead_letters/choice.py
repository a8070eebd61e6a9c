"""Which dead letters are meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from airflow_provider_hybrid.sqs.dead_letters.letter import ERROR_TYPES, DeadLetter


@dataclass(frozen=True)
class Choice:
    """Dead letters by what they say of themselves; nothing said means all of them.

    Args:
        ids: Identities, or ids that SQS gave them; empty for any.
        route: One of the routes that broke; None for any.
        error_type: The error type; None for any.
    """

    ids: frozenset[str] = frozenset()
    route: str | None = None
    error_type: str | None = None

    def among(self, letters: Iterable[DeadLetter]) -> list[DeadLetter]:
        """Return those that are meant; stops looking when each id is found."""
        found: list[DeadLetter] = []
        for letter in letters:
            if self._means(letter):
                found.append(letter)
                if self.ids and not self.missing(found):
                    break
        return found

    def unknown(self, routes: Iterable[str], letters: Iterable[DeadLetter]) -> list[str]:
        """Say which names mean nothing, as neither the configuration nor any dead letter has them.

        Args:
            routes: The routes of the configuration. A dead letter may name one that is no longer there.
            letters: All that are in the queue.
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
        """Return the ids that are not among these."""
        return sorted(self.ids - {name for letter in found for name in _names(letter)})

    def _means(self, letter: DeadLetter) -> bool:
        return (
            (not self.ids or not self.ids.isdisjoint(_names(letter)))
            and self.route in {None, *letter.routes}
            and self.error_type in {None, letter.error_type}
        )


def _names(letter: DeadLetter) -> set[str]:
    return {letter.id, letter.message.message_id}
