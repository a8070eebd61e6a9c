"""What `make docs` does to the pages on their way to the site."""

from __future__ import annotations

import re

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


def _without_label(fence: re.Match[str]) -> str:
    label = fence["label"]
    title = label if label in _TITLES else label.removeprefix("file ") if label.startswith("file ") else ""
    return fence["fence"] + fence["language"] + (f' title="{title}"' if title else "")
