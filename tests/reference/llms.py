"""The short map of the site for language models (https://llmstxt.org), from the navigation and the pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from airflow_provider_hybrid.documentation import SITE
from tests.harness.environment import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCS = PROJECT / "docs"

SHORT = 150
"""Characters of a page's first paragraph that stand in the map as a whole."""

_BEGINNING = re.compile(r"^# .+\n\n(?:<!--.*-->\n\n)?([A-Z`\"](?s:.*?))(?:\n\n|\Z)", re.MULTILINE)
"""The paragraph below a heading, if there is one: no status, table or block."""

INTRODUCTION = """\
# airflow-provider-hybrid

> Events on SQS become DAG runs in Apache Airflow: an upload to S3, or any AWS event, starts the right DAG.

A Python package for Airflow 3.0.6 and later. A dispatcher DAG (`build_dispatcher()`) listens to an SQS queue,
matches each event against routes (EventBridge event patterns in an Airflow Variable, JSON), and starts DAG
runs with a `conf`. A message is deleted only when its runs exist. The command `hybrid` checks and explains.
"""


def llms_txt() -> str:
    """Return the map: a section for each part of the navigation, a line for each page."""
    navigation = yaml.safe_load((DOCS / ".nav.yml").read_text())["nav"]
    sections = {title: list(pages(part)) for item in navigation for title, part in item.items()}
    return INTRODUCTION + "".join(
        f"\n## {title}\n\n" + "".join(map(line, found))
        for title, found in sections.items()
        if found != [DOCS / "index.md"]
    )


def pages(part: Any) -> Iterator[Path]:
    """Yield the pages of a part of the navigation, each once."""
    if isinstance(part, list):
        yield from dict.fromkeys(page for item in part for page in pages(item))
    elif isinstance(part, dict):
        yield from pages(part["glob"] if "glob" in part else [*part.values()])
    elif "*" in part:
        yield from sorted(DOCS.glob(f"{part}.md"))
    else:
        yield DOCS / part


def line(page: Path) -> str:
    """Write a page's title, the address of its text, and how it begins."""
    text = page.read_text(encoding="utf-8")
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    title = heading[1] if heading else page.stem.title()
    said = f": {about}" if (about := beginning(text)) else ""
    return f"- [{title}]({address(page)}){said}\n"


def address(page: Path) -> str:
    """Return where a page's Markdown is on the site: `docs/hooks.py` puts it there."""
    name = page.relative_to(DOCS).with_suffix("").as_posix()
    folder = re.sub(r"(^|/)(index|README)$", "", name)
    return f"{SITE}{folder}{'/' if folder else ''}index.html.md"


def beginning(text: str) -> str:
    """Return the text below a page's heading, or its first sentence if it is long; no links, no emphasis."""
    found = _BEGINNING.search(text)
    plain = re.sub(r"\[([^]]+)\](\([^)]*\)|\[[^]]*\])", r"\1", " ".join(found[1].split())) if found else ""
    plain = plain.replace("**", "")
    return plain if len(plain) <= SHORT else re.split(r"(?<=[.?!]) ", plain)[0]
