"""Which dead letters are meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from airflow_provider_hybrid.queues.dead_letter import DeadLetter


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
