"""The facts in a record, by their path; and EventBridge's envelope around an event."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timezone
from typing import Any

Json = dict[str, Any]


class RecordError(ValueError):
    """A record is not what its service sends; names the field and quotes no value."""

    def __init__(self, fault: str, *path: str) -> None:
        super().__init__(f"{'.'.join(path)!r} {fault}")


def at(record: Json | None, *path: str) -> Any:
    """Return what stands at a path of names; None where nothing does."""
    value: Any = record
    for depth, name in enumerate(path):
        if value is None:
            return None
        if not isinstance(value, dict):
            raise RecordError("is not an object", *path[:depth])
        value = value.get(name)
    return value


def text(record: Json, *path: str) -> str | None:
    """Return the string at a path; None where there is none, or an empty one."""
    found = at(record, *path)
    if found is not None and not isinstance(found, str):
        raise RecordError("is not a string", *path)
    return found or None


def required(record: Json, *path: str) -> str:
    """Return the string at a path, which has to be there and to say something."""
    found = text(record, *path)
    if found is None:
        raise RecordError("is missing", *path)
    return found


def object_at(record: Json, *path: str) -> Json:
    """Return the object at a path, which has to be there."""
    found = at(record, *path)
    if not isinstance(found, dict):
        raise RecordError("is missing" if found is None else "is not an object", *path)
    return found


def stable_id(*facts: Any) -> str:
    """Derive an id from what happened, for events whose producer sends none: every copy has the same.

    It is the SHA-256 of the facts as a JSON array, cut to 32 hexadecimal digits. None is a fact too.
    """
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


def iso(seconds: object) -> str | None:
    """Write seconds since 1970 as ISO 8601 in UTC, to the millisecond if there are any.

    AWS writes the times of streams so. None for what is no number, or no point in time.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        moment = datetime.fromtimestamp(round(seconds, 3), tz=timezone.utc)
    except (OverflowError, OSError, ValueError):
        return None
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")


def envelope(
    record: Json,
    event_id: str,
    source: str,
    kind: str | None,
    when: str | None,
    arn: str | None,
    detail: Json,
) -> Json:
    """Write an event as EventBridge does; what was not sent is absent."""
    return present(
        {
            "version": "0",
            "id": event_id,
            "detail-type": kind,
            "source": source,
            "account": _account(text(record, "eventSourceARN") or ""),
            "time": when,
            "region": text(record, "awsRegion"),
            "resources": [arn] if arn else None,
            "detail": detail,
        }
    )


def _account(arn: str) -> str | None:
    """Return the account in an ARN, ``arn:partition:service:region:account:resource``."""
    match arn.split(":", 5):
        case [_, _, _, _, account, _]:
            return account or None
    return None


def present(fields: Json) -> Json:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value is not None}
