"""The doctor's findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["fine", "warning", "fault"]


@dataclass(frozen=True)
class Finding:
    """The outcome of one check.

    Args:
        check: The thing that was checked.
        level: ``fault`` if events do not become runs, ``warning`` if they might not some day.
        found: Its state, in words.
        mend: What to do; empty if all is fine.
    """

    check: str
    level: Level
    found: str
    mend: str = ""
