"""Showing on a terminal what strangers wrote."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""Return a text in which nothing steers a terminal; lines stay lines.

    What moves a cursor, changes colours or turns the direction of writing is shown as Python writes it, for
    example ``\x1b``.
    """
    return "".join(
        character if character.isprintable() or character == "\n" else ascii(character)[1:-1]
        for character in text
    )
