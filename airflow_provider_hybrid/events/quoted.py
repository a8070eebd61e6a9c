"""Quoting what a stranger wrote."""

from __future__ import annotations

LONGEST = 100
"""Characters of it that are shown."""


def quoted(text: str | None) -> str:
    """Write a text so that it takes one line, reads as a quotation and can steer no terminal.

    It is for what names an event (id, source, detail-type), never for what an event holds.
    """
    return repr(text) if text is None or len(text) <= LONGEST else f"{text[:LONGEST]!r}..."
