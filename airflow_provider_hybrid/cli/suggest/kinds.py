"""Events of one kind. PURE: it calls nobody."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from airflow_provider_hybrid.events.event import Event

MOST_SIBLINGS = 3
"""The most folders of one folder that are kinds of their own. If there are more, they are one kind."""

_CHANGES = re.compile(r"=|^\d+$|(\D*\d){4}")
"""A folder that differs from upload to upload: ``dt=...``, a number, a date, an id."""

_SUFFIX = re.compile(r"[^/]((?:\.[A-Za-z][A-Za-z0-9]{0,9})?\.(?:gz|bz2|xz|zst)|\.[A-Za-z][A-Za-z0-9]{0,9})\Z")
"""The end of a key that says what the object holds; one that is compressed has two."""


@dataclass(frozen=True)
class Place:
    """Objects on S3, by what their keys have in common.

    Args:
        bucket: The bucket.
        prefix: What the keys begin with, whole folders; empty for any key.
        suffix: What they end with, for example ``.csv``; empty for any key.
        is_folder: Whether they are the empty objects that stand for folders.
    """

    bucket: str
    prefix: str
    suffix: str
    is_folder: bool = False

    @classmethod
    def of(cls, event: Event) -> Place | None:
        """Return the place of the object that an event is about; None if it is about none."""
        bucket, thing = event.detail.get("bucket"), event.detail.get("object")
        name = bucket.get("name") if isinstance(bucket, Mapping) else None
        key = thing.get("key") if isinstance(thing, Mapping) else None
        if not (isinstance(name, str) and isinstance(key, str)):
            return None
        folders = key.split("/")[:-1]
        stable = takewhile(lambda folder: not _CHANGES.search(folder), folders)
        prefix = "".join(f"{folder}/" for folder in stable)
        found = _SUFFIX.search(key)
        return cls(name, prefix, found[1] if found else "", is_folder=key.endswith("/"))

    def __str__(self) -> str:
        """Write it as an address, with an asterisk for what differs."""
        rest = "" if self.is_folder else f"*{self.suffix}"
        return f"s3://{self.bucket}/{self.prefix}{rest}"


@dataclass(frozen=True)
class Kind:
    """What events of one kind have in common.

    Args:
        source: Their source.
        detail_type: Their detail-type.
        place: Where the objects are that they are about; None if they are about none.
    """

    source: str
    detail_type: str | None
    place: Place | None

    @property
    def above(self) -> Kind | None:
        """The kind without the last folder of the prefix; None if it has none."""
        if self.place is None or not self.place.prefix:
            return None
        folders = self.place.prefix.split("/")[:-2]
        return replace(self, place=replace(self.place, prefix="".join(f"{folder}/" for folder in folders)))


def sort_by_kind(events: Iterable[Event]) -> dict[Kind, list[Event]]:
    """Sort events by kind, the most frequent kind first."""
    kinds: dict[Kind, list[Event]] = defaultdict(list)
    for event in events:
        kinds[Kind(event.source, event.detail_type, Place.of(event))].append(event)
    merged = _with_few_folders(kinds)
    return dict(sorted(merged.items(), key=lambda item: len(item[1]), reverse=True))


def _with_few_folders(kinds: Mapping[Kind, Sequence[Event]]) -> dict[Kind, list[Event]]:
    """Take what lies below a folder together, the deepest first, until none has too many folders."""
    found = {kind: [*events] for kind, events in kinds.items()}
    while crowd := _crowd(found):
        above, alike = crowd
        together = [event for kind in alike for event in found.pop(kind)]
        found[above] = [*found.get(above, ()), *together]
    return found


def _crowd(kinds: Iterable[Kind]) -> tuple[Kind, list[Kind]] | None:
    """Return the kinds below a folder that has too many folders, and the kind that they are together."""
    below: dict[Kind, dict[Kind, list[Kind]]] = defaultdict(lambda: defaultdict(list))
    for kind in kinds:
        child = kind
        while above := child.above:
            below[above][child].append(kind)
            child = above
    crowds = [
        (above, [kind for found in children.values() for kind in found])
        for above, children in below.items()
        if len(children) > MOST_SIBLINGS
    ]
    return max(crowds, key=lambda crowd: str(crowd[0].place).count("/"), default=None)
