"""What `make docs` does to the pages on their way to the site."""

from __future__ import annotations

import re

_LABEL = re.compile(r"^```json (?P<label>[a-z][a-z ]*)$", re.MULTILINE)


def on_page_markdown(markdown: str, **_: object) -> str:
    """Show the label of an example as its title: ``json matches``, which GitHub hides and tests read.

    Args:
        markdown: A page.

    Returns:
        The page for the site.
    """
    return _LABEL.sub(r'```json title="\g<label>"', markdown)
