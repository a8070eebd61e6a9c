"""The facts in a record: each is read by its path, and ids and times are made of them."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timezone
from typing import Any

Json = dict[str, Any]


class RecordError(ValueError):
    """A record is not as its service sends it. The text names the field and quotes no value."""

    def __init__(self, fault: str, *path: str) -> None:
        super().__init__(f"{'.'.join(path)!r} {fault}")


def at(record: Json | None, *path: str) -> Any:
    """Return the value at a path of field names; None if there is none."""
    value: Any = record
    for depth, name in enumerate(path):
        if value is None:
            return None
        if not isinstance(value, dict):
            raise RecordError("is not an object", *path[:depth])
        value = value.get(name)
    return value


def text(record: Json, *path: str) -> str | None:
    """Return the string at a path; None if it is missing or empty."""
    found = at(record, *path)
    if found is not None and not isinstance(found, str):
        raise RecordError("is not a string", *path)
    return found or None


def required(record: Json, *path: str) -> str:
    """Return the string at a path, which must be there and not be empty."""
    found = text(record, *path)
    if found is None:
        raise RecordError("is missing", *path)
    return found


def object_at(record: Json, *path: str) -> Json:
    """Return the object at a path, which must be there."""
    found = at(record, *path)
    if not isinstance(found, dict):
        raise RecordError("is missing" if found is None else "is not an object", *path)
    return found


def stable_id(*facts: Any) -> str:
    """Derive an id from the facts of an event whose producer sends none: every copy gets the same id.

    It is the SHA-256 of the facts as a JSON array, cut to 32 hexadecimal digits. None counts as a fact.
    """
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


def iso(seconds: object) -> str | None:
    """Write seconds since 1970 as ISO 8601 in UTC, with milliseconds unless they are zero.

    AWS gives the times of streams in such seconds. Return None for a value that is no point in time.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        moment = datetime.fromtimestamp(round(seconds, 3), tz=timezone.utc)
    except (OverflowError, OSError, ValueError):
        return None
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")


def present(fields: Json) -> Json:
    """Return the fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}
