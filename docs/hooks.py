"""What `make docs` does to the pages on their way to the site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

_FOREIGN = re.compile(
    r"<(?:script|img|iframe|source|link[^>]*(?:stylesheet|preconnect|icon|preload))[^>]*(?:src|href)=[\"']?https?:[^>]*>"
)
_FENCE = re.compile(r'^(?P<fence> *```)(?P<language>\w+) (?P<label>(?!.*=")[^{\n].*)$', re.MULTILINE)
_TITLES = {"pattern", "matches", "does not match", "before", "after"}


def on_page_markdown(markdown: str, **_: object) -> str:
    """Read a block's label, as in ``json matches``: GitHub hides it, tests read it, Markdown here knows none.

    Args:
        markdown: A page.

    Returns:
        The page for the site, where a label that tells people something is the block's title.
    """
    return _FENCE.sub(_without_label, markdown)


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Put a page's Markdown beside it, for programs (https://llmstxt.org). No page asks another host.

    Args:
        output: The page as HTML.
        page: The page.
        config: The site.

    Returns:
        The same HTML.

    Raises:
        PluginError: If whoever reads the page would ask another host for a part of it.
    """
    if foreign := _FOREIGN.search(output):
        raise PluginError(
            f"{page.file.src_uri}: nobody who reads a page is to ask another host: {foreign[0]}"
        )
    text = Path(config.site_dir, f"{page.file.dest_uri}.md")
    text.parent.mkdir(parents=True, exist_ok=True)
    text.write_text(page.markdown, encoding="utf-8")
    return output


def _without_label(fence: re.Match[str]) -> str:
    label = fence["label"]
    title = label if label in _TITLES else label.removeprefix("file ") if label.startswith("file ") else ""
    return fence["fence"] + fence["language"] + (f' title="{title}"' if title else "")
