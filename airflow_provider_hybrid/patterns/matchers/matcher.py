"""The contract of all matchers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from typing import Literal, NamedTuple, Protocol

Path = tuple[str | int, ...]
"""A place in a pattern: keys, and indexes of lists."""

Scalar = str | int | float | bool | None


class Handle(NamedTuple):
    """The value, or its beginning or end, by which an index finds the patterns that an event may match."""

    kind: Literal["is", "starts", "ends"]
    what: Hashable


class Matcher(Protocol):
    """A condition on what an event holds in one field."""

    def matches(self, values: Sequence[Scalar]) -> bool:
        """Say whether the condition holds.

        Args:
            values: The scalars in the field: none if the event has none there, several for an array.
        """

    def handles(self) -> frozenset[Handle] | None:
        """Return handles, one of which fits each value that matches; None if there are no such handles."""


class ValueMatcher(ABC):
    """A matcher that looks at one value; of several values, it must accept one.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html
    """

    @abstractmethod
    def accepts(self, value: Scalar) -> bool:
        """Say whether the condition holds for this value."""

    def matches(self, values: Sequence[Scalar]) -> bool:
        """Say whether this accepts one of the values."""
        for value in values:  # noqa: SIM110  (see `Leaf`)
            if self.accepts(value):
                return True
        return False

    def handles(self) -> frozenset[Handle] | None:
        """Return None; a matcher that has handles overrides this."""
        return None


def identity(value: Scalar) -> Hashable:
    """Return a key that two values share if and only if they are the same in JSON.

    1 and 1.0 share it, as they are one number. true and 1 do not, although they are equal in Python.
    """
    return (value,) if value is True or value is False else value
