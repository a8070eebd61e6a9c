"""Points in time, as EventBridge writes them."""

from __future__ import annotations

from datetime import datetime, timezone


def iso(seconds: object) -> str | None:
    """Write seconds since 1970 as ISO 8601 in UTC, to the millisecond if there are any.

    Args:
        seconds: A number; AWS writes stream timestamps so.

    Returns:
        Text, or None for what is no number or no point in time.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        moment = datetime.fromtimestamp(round(seconds, 3), tz=timezone.utc)
    except (OverflowError, OSError, ValueError):
        return None
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")
