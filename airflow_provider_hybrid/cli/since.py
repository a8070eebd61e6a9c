"""The option `--since`: a moment, as people write it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Annotated

import typer

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_AGO = re.compile(r"(\d{1,6})([mhd])")


def _moment(text: str) -> datetime:
    """Read ``30m``, ``2h``, ``7d``, or a time in ISO 8601, which is UTC if it names no zone."""
    if ago := _AGO.fullmatch(text):
        return datetime.now(tz=timezone.utc) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no time. Write 30m, 2h or 7d, or a time such as 2026-11-29T10:03"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


SinceOption = Annotated[
    datetime,
    typer.Option(
        parser=_moment, metavar="TIME", help="Since when: 30m, 2h, 7d, or a time such as 2026-11-29T10:03."
    ),
]
