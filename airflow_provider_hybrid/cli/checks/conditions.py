"""An event pattern, taken apart into its conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Condition(NamedTuple):
    """A pattern's condition on one field.

    Args:
        written: Its place in the pattern, for example ``$or[0].detail.object.key``.
        field: The field's path in the event, with dots in the pattern's keys resolved.
        values: The list of values, of which one is enough.
    """

    written: str
    field: tuple[str, ...]
    values: list[Any]

    @property
    def strings(self) -> list[str]:
        """The values that are exact texts."""
        return [value for value in self.values if isinstance(value, str)]

    @property
    def wants_absence(self) -> bool:
        """True if the field may be missing."""
        return {"exists": False} in self.values


def conditions(
    pattern: Mapping[str, Any], written: str = "", field: tuple[str, ...] = ()
) -> Iterator[Condition]:
    """Yield the conditions of a valid pattern, those in ``$or`` included.

    Args:
        pattern: The pattern, or an object in it.
        written: The object's place in the pattern.
        field: The object's path in the event.
    """
    for key, below in pattern.items():
        place = f"{written}.{key}" if written else key
        path = (*field, *key.split("."))
        if key == "$or":
            for index, alternative in enumerate(below):
                yield from conditions(alternative, f"{place}[{index}]", field)
        elif isinstance(below, Mapping):
            yield from conditions(below, place, path)
        else:
            yield Condition(place, path, below)
