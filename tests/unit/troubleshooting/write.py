"""Write what the package knows of docs/troubleshooting.md: `python -m tests.unit.troubleshooting.write`."""

from __future__ import annotations

import json

from tests.unit.troubleshooting.page import entries
from tests.unit.troubleshooting.said import PACKAGE

KNOWN = PACKAGE / "troubleshooting.json"


def known() -> str:
    """Return the slug of each text as JSON, those that only frame other texts apart."""
    texts: dict[str, dict[str, str]] = {"inner": {}, "around": {}}
    for entry in entries():
        texts["around" if entry.is_around else "inner"] |= dict.fromkeys(entry.texts, entry.slug)
    return json.dumps(texts, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    KNOWN.write_text(known(), encoding="utf-8")
