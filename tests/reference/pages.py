"""Which pages there are, and what writes each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.harness.environment import PROJECT
from tests.reference.commands import commands_page
from tests.reference.llms import llms_txt
from tests.reference.variable import variable_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DOCS = PROJECT / "docs"

PAGES: dict[Path, Callable[[], str]] = {
    DOCS / "reference" / "variable.md": variable_page,
    DOCS / "reference" / "commands.md": commands_page,
    DOCS / "llms.txt": llms_txt,
}
