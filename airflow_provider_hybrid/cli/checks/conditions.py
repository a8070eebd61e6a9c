"""An event pattern, taken apart into its conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Condition(NamedTuple):
    """What a pattern wants of one field.

    Args:
        written: Where it stands in the pattern, for example ``$or[0].detail.object.key``.
        field: The field's way through the event, whichever way the pattern writes it.
        values: The list, any one element of which is enough.
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
        """Whether the field may be missing."""
        return {"exists": False} in self.values


def conditions(
    pattern: Mapping[str, Any], written: str = "", field: tuple[str, ...] = ()
) -> Iterator[Condition]:
    """Yield the conditions of a pattern that is right, those in ``$or`` included.

    Args:
        pattern: The pattern, or an object in it.
        written: Where the object stands.
        field: The object's way through the event.
    """
    for key, below in pattern.items():
        place = f"{written}.{key}" if written else key
        way = (*field, *key.split("."))
        if key == "$or":
            for index, alternative in enumerate(below):
                yield from conditions(alternative, f"{place}[{index}]", field)
        elif isinstance(below, Mapping):
            yield from conditions(below, place, way)
        else:
            yield Condition(place, way, below)
