"""docs/troubleshooting.md: its entries, and the texts that lead to each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tests.harness.environment import PROJECT

PAGE = PROJECT / "docs" / "troubleshooting.md"
AROUND = "Texts around other texts"
"""The section of the texts that only frame another one."""

_PART = re.compile(
    r"^## (?P<section>.+)$"
    r"|^### (?P<heading>.+) \{ #(?P<slug>\S+) \}$"
    r"|^```text\n(?P<texts>(?s:.*?))^```$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Entry:
    """An entry.

    Args:
        heading: Its symptom.
        slug: The id of its heading.
        texts: The texts that lead to it.
        is_around: Whether these only frame other texts.
    """

    heading: str
    slug: str
    texts: tuple[str, ...]
    is_around: bool


@lru_cache
def entries() -> list[Entry]:
    """Return the page's entries in their order."""
    found: list[Entry] = []
    section = ""
    for part in _PART.finditer(PAGE.read_text()):
        section = part["section"] or section
        if part["slug"]:
            found.append(Entry(part["heading"], part["slug"], (), section == AROUND))
        elif part["texts"]:
            last = found.pop()
            # A line that begins with two spaces goes on with the one before.
            texts = part["texts"].replace("\n  ", " ").splitlines()
            found.append(Entry(last.heading, last.slug, (*last.texts, *texts), last.is_around))
    return found
