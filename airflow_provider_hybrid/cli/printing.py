"""Printing what a stranger wrote: a terminal obeys some characters, and rich obeys brackets."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text

from airflow_provider_hybrid.troubleshooting import addresses

ONE_LINE = 1000
"""Columns of a table that goes to no terminal, so that each row is one line."""


def printable(text: str, keep: str = "") -> str:
    r"""Write unprintable characters, such as ANSI's escape, as Python writes them: ``\x1b``.

    Args:
        text: Any text.
        keep: Characters to leave as they are, such as a line feed.
    """
    return "".join(
        character
        if character.isprintable() or character in keep
        else character.encode("unicode_escape").decode()
        for character in text
    )


def shortened(text: str, length: int) -> str:
    """Cut a text to so many characters, and show that it was cut."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def plain(text: str, style: str = "") -> Text:
    """Return a text for rich to print as it stands: on one line, without markup."""
    return Text(printable(text), style=style)


def as_json(value: Any) -> Text:
    """Return a JSON value for rich to print, over several lines and in colour."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return JSONHighlighter()(Text(printable(text, keep="\n")))


def print_what_to_do(console: Console, texts: Iterable[str]) -> None:
    """Name the entries of the documentation that explain some texts, each once.

    Args:
        console: Where to.
        texts: What is wrong.
    """
    for address in dict.fromkeys(address for text in texts for address in addresses(text)):
        console.print(plain(f"What to do: {address}"), soft_wrap=True)


def console_for_people(*, wide: bool = False, stderr: bool = False) -> Console:
    """Return a console that wraps only on a terminal.

    Args:
        wide: Give each row of a table one line if the output is no terminal.
        stderr: Write to the standard error.
    """
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    width = None if terminal or not wide else ONE_LINE
    return Console(highlight=False, soft_wrap=not terminal, width=width, stderr=stderr)
