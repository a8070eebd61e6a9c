"""An index that finds the patterns that match an event, without trying all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from airflow_provider_hybrid.patterns.alternatives import Conditions, Field
from airflow_provider_hybrid.patterns.matchers.matcher import Handle, Scalar, identity
from airflow_provider_hybrid.patterns.pattern import EventPattern
from airflow_provider_hybrid.patterns.values import objects_in, scalars_in

Key = TypeVar("Key")


class PatternIndex(Generic[Key]):
    """Patterns, each with a key, arranged so that an event meets only those that it may match.

    The index lists each pattern under one of its fields: the one whose value, prefix or suffix it shares with
    the fewest others, such as the bucket's name where all the sources are ``aws.s3``. Patterns without such a
    field (only ``anything-but``, ``numeric`` and the like) are tried with every event. Each pattern found is
    then matched in full, so the index answers exactly as a loop over all patterns does.

    Args:
        entries: Keys and their patterns, in the order in which `matching` returns the keys.
    """

    def __init__(self, entries: Iterable[tuple[Key, EventPattern]]) -> None:
        self._entries = list(entries)
        self._always: set[int] = set()
        self._root = _Branch()
        shares = Counter(
            (place, handle)
            for _, pattern in self._entries
            for conditions in pattern.alternatives
            for place, handles in _handles(conditions).items()
            for handle in handles
        )
        for position, (_, pattern) in enumerate(self._entries):
            self._add(position, pattern, shares)

    def matching(self, event: Mapping[str, Any]) -> list[Key]:
        """Return the keys of the patterns that match an event, in their order."""
        candidates = set(self._always)
        self._root.collect(event, candidates)
        entries = (self._entries[position] for position in sorted(candidates))
        return [key for key, pattern in entries if pattern.matches(event)]

    def _add(self, position: int, pattern: EventPattern, shares: Counter[tuple[Field, Handle]]) -> None:
        places: list[tuple[Field, Handle]] = []
        for conditions in pattern.alternatives:
            known = _handles(conditions)
            if not known or pattern.has_dotted_keys:
                self._always.add(position)
                return
            best = min(known, key=lambda place: max(shares[place, handle] for handle in known[place]))
            places += [(best, handle) for handle in known[best]]
        for place, handle in places:
            self._root.branch(place).values.add(handle, position)


def _handles(conditions: Conditions) -> dict[Field, frozenset[Handle]]:
    known = {place: leaf.handles() for place, leaf in conditions.items()}
    return {place: handles for place, handles in known.items() if handles}


@dataclass
class _Values:
    """The positions of patterns that are listed under one field, by its value, prefix or suffix."""

    exact: dict[Hashable, list[int]] = field(default_factory=dict)
    starts: dict[int, dict[Hashable, list[int]]] = field(default_factory=dict)
    ends: dict[int, dict[Hashable, list[int]]] = field(default_factory=dict)

    def add(self, handle: Handle, position: int) -> None:
        """List a position under a handle."""
        if handle.kind == "is":
            positions = self.exact
        else:
            by_length = self.starts if handle.kind == "starts" else self.ends
            positions = by_length.setdefault(len(str(handle.what)), {})
        positions.setdefault(handle.what, []).append(position)

    def collect(self, value: Scalar, into: set[int]) -> None:
        """Add the positions for a value, with one look for each length of a prefix or suffix."""
        into.update(self.exact.get(identity(value), ()))
        if isinstance(value, str):
            for length, positions in self.starts.items():
                into.update(positions.get(value[:length], ()))
            for length, positions in self.ends.items():
                into.update(positions.get(value[-length:], ()))


@dataclass
class _Branch:
    """A key in the tree of the fields under which patterns are listed."""

    values: _Values = field(default_factory=_Values)
    below: dict[str, _Branch] = field(default_factory=dict)

    def branch(self, place: Field) -> _Branch:
        """Return the branch of a field; create it if it is missing."""
        branch = self
        for key in place:
            branch = branch.below.setdefault(key, _Branch())
        return branch

    def collect(self, holder: Mapping[str, Any], into: set[int]) -> None:
        """Add the positions for all values of an object, also for those in arrays."""
        for key in self.below.keys() & holder.keys():
            branch, value = self.below[key], holder[key]
            for scalar in scalars_in(value):
                branch.values.collect(scalar, into)
            if branch.below:
                for item in objects_in(value):
                    branch.collect(item, into)
