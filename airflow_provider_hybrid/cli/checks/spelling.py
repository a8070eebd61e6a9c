"""Misspelt names, and the names that are meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable


def misspelt(name: str, known: Iterable[str], alike: float = 0) -> str | None:
    """Return the known name that a misspelt one means.

    Args:
        name: A name in a pattern.
        known: The right names.
        alike: How alike two names must be; with 0 they may differ in case and punctuation only.

    Returns:
        The right name; None if the name itself is right, or none is like it.
    """
    names = list(known)
    if name in names:
        return None
    same = [right for right in names if letters_of(right) == letters_of(name)]
    close = difflib.get_close_matches(name, names, n=1, cutoff=alike) if alike else []
    return next(iter(same + close), None)


def letters_of(name: str) -> str:
    """Return a name's letters and digits, in lower case."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
