"""What all matchers have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from typing import Literal, NamedTuple, Protocol

Path = tuple[str | int, ...]
"""Where something stands in a pattern: keys, and indexes of lists."""

Scalar = str | int | float | bool | None


class Handle(NamedTuple):
    """Something that is known of a value beforehand, so that an index can find the patterns that want it."""

    kind: Literal["is", "starts", "ends"]
    what: Hashable


class Matcher(Protocol):
    """A condition on what an event holds in one field."""

    def matches(self, values: Sequence[Scalar]) -> bool:
        """Say whether the condition holds.

        Args:
            values: The scalars in the field: none if the event has nothing there, several for an array.
        """

    def handles(self) -> frozenset[Handle] | None:
        """Name the handles of which at least one fits wherever this matches; None if nothing is known."""


class ValueMatcher(ABC):
    """A matcher that looks at one value; of several, any one is enough.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html
    """

    @abstractmethod
    def accepts(self, value: Scalar) -> bool:
        """Say whether the condition holds for this value."""

    def matches(self, values: Sequence[Scalar]) -> bool:
        """Hold if any value is accepted."""
        for value in values:  # noqa: SIM110  (see `Leaf`)
            if self.accepts(value):
                return True
        return False

    def handles(self) -> frozenset[Handle] | None:
        """Know nothing; matchers that do say so themselves."""
        return None


def identity(value: Scalar) -> Hashable:
    """Give what two values share if and only if they are the same in JSON.

    1 and 1.0 are one number, as for Python; but true is not 1.
    """
    return (value,) if value is True or value is False else value
