"""What the doctor says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["fine", "warning", "fault"]


@dataclass(frozen=True)
class Finding:
    """The outcome of one check.

    Args:
        check: What was looked at.
        level: ``fault`` if events do not become runs, ``warning`` if they might not some day.
        found: How it is, in words.
        mend: What to do; empty where all is fine.
    """

    check: str
    level: Level
    found: str
    mend: str = ""
