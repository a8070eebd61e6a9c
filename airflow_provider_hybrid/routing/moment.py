"""A moment as people and programs read it."""

from __future__ import annotations

from datetime import datetime, timezone


def iso(moment: float) -> str:
    """Write a moment (seconds since 1970) in ISO 8601, UTC, to the second: ``2026-11-29T07:01:00Z``."""
    written = datetime.fromtimestamp(moment, tz=timezone.utc).isoformat(timespec="seconds")
    return written.replace("+00:00", "Z")
