"""Printing what a stranger wrote: a terminal obeys some characters, and rich obeys brackets."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text

ONE_LINE = 1000
"""Columns where no terminal sets a bound, so that a table has one line per row."""


def printable(text: str, keep: str = "") -> str:
    r"""Write what is not printable, such as ANSI's escape, as it is written in Python: ``\x1b``.

    Args:
        text: Anything.
        keep: Characters to leave as they are, such as a line feed.
    """
    return "".join(
        character
        if character.isprintable() or character in keep
        else character.encode("unicode_escape").decode()
        for character in text
    )


def shortened(text: str, length: int) -> str:
    """Cut a text to so many characters, and show that it was."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def plain(text: str, style: str = "") -> Text:
    """Return a text for rich to print as it stands: on one line, without markup."""
    return Text(printable(text), style=style)


def as_json(value: Any) -> Text:
    """Return a JSON value for rich to print, over several lines and in colour."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return JSONHighlighter()(Text(printable(text, keep="\n")))


def console_for_people(*, wide: bool = False) -> Console:
    """Return a console that wraps only on a terminal.

    Args:
        wide: Give tables a line per row where the output is no terminal.
    """
    terminal = sys.stdout.isatty()
    return Console(highlight=False, soft_wrap=not terminal, width=None if terminal or not wide else ONE_LINE)
