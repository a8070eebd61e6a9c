"""Which pages there are, and what writes each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.harness.environment import PROJECT
from tests.reference.commands import commands_page
from tests.reference.variable import variable_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDER = PROJECT / "docs" / "reference"

PAGES: dict[Path, Callable[[], str]] = {
    FOLDER / "variable.md": variable_page,
    FOLDER / "commands.md": commands_page,
}
