"""From what the package says when something is wrong, to the entry that explains it.

A text carries no address with it: on its way it may become an attribute of a dead letter, a line of the
record or an event of a trigger. Where people read it, its address is looked up by its words. These are the
words of ``docs/troubleshooting.md``, kept in ``troubleshooting.json``.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from airflow_provider_hybrid.documentation import page
from airflow_provider_hybrid.exceptions import HybridError

PAGE = "troubleshooting"

VALUE = "…"
"""What stands in a text of the page for a name, a number or another text."""

MOST = 3
"""The most entries that are named for one text, which may tell of many faults."""

LONGEST = 5000
"""The most characters of a text that are looked at."""


class Text(NamedTuple):
    """A text of the page.

    Args:
        slug: The id of its entry.
        pieces: Its words between the values.
        is_around: Whether it only frames another text, which says more.
    """

    slug: str
    pieces: tuple[str, ...]
    is_around: bool

    @property
    def weight(self) -> tuple[bool, int]:
        """Of the texts that fit, the one with the greatest weight explains best."""
        return not self.is_around, sum(map(len, self.pieces))

    def fits(self, said: str) -> bool:
        """Say whether its words are in what was said, in their order."""
        place = 0
        for piece in self.pieces:
            place = said.find(piece, place)
            if place < 0:
                return False
            place += len(piece)
        return True


def entries_for(said: str) -> list[str]:
    """Name the entries of the page that explain a text.

    Args:
        said: The text; each line of it may tell of a fault of its own.

    Returns:
        The ids of the entries, at most `MOST`; none for a text that the page does not know.
    """
    found = [max(fitting, key=lambda text: text.weight) for fitting in map(_fitting, _lines(said)) if fitting]
    inner = [text for text in found if not text.is_around]
    return list(dict.fromkeys(text.slug for text in inner or found))[:MOST]


def addresses(said: str) -> list[str]:
    """Return the addresses of the entries that explain a text, as for `entries_for`."""
    return [page(PAGE, slug) for slug in entries_for(said)]


def with_addresses(said: str) -> str:
    """Add to a text where people find what to do about it; a text that names it already stays as it is."""
    return "\n".join([said, *_pointers(said)])


@contextmanager
def naming_entries() -> Iterator[None]:
    """Let an error of this package that leaves the block name the entry that explains it.

    It is for the place where nobody catches the error any more, and Airflow shows it to people.
    """
    try:
        yield
    except HybridError as error:
        last = "mend" if error.mend else "found"
        setattr(error, last, "\n".join([getattr(error, last), *_pointers(str(error))]))
        raise


def logger(name: str) -> logging.Logger:
    """Return the logger of a module, whose warnings and errors name the entry that explains them.

    Args:
        name: The module's name.
    """
    log = logging.getLogger(name)
    log.addFilter(_name_entry)
    return log


def _name_entry(record: logging.LogRecord) -> bool:
    if record.levelno >= logging.WARNING:
        said = record.getMessage()
        if named := _unnamed(said):
            record.msg, record.args = f"{said} - what to do: {' '.join(named)}", ()
    return True


def _pointers(said: str) -> list[str]:
    return [f"What to do: {one}" for one in _unnamed(said)]


def _unnamed(said: str) -> list[str]:
    return [one for one in addresses(said) if one not in said]


def _lines(said: str) -> list[str]:
    return [" ".join(line.split()) for line in said[:LONGEST].splitlines()]


def _fitting(line: str) -> list[Text]:
    return [text for text in _texts() if text.fits(line)]


@lru_cache(maxsize=1)
def _texts() -> list[Text]:
    known = json.loads(files(__package__).joinpath("troubleshooting.json").read_text(encoding="utf-8"))
    return [
        Text(slug, tuple(filter(None, (piece.strip() for piece in text.split(VALUE)))), place == "around")
        for place, texts in known.items()
        for text, slug in texts.items()
    ]
