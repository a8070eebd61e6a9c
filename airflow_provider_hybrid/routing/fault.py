"""A fault in a configuration, which somebody must mend."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A fault in a configuration: where it is, what is wrong, and what to do.

    Args:
        path: Where it is, for example ``routes[0].name``; empty for the document as a whole.
        problem: What is wrong there.
        fix: What to do; empty if the problem says it already.
        found: The value there, as JSON; empty if there is none, or if it is not to be shown.
    """

    path: str
    problem: str
    fix: str = ""
    found: str = ""

    def __str__(self) -> str:
        """Say all of it in a sentence."""
        said = ": ".join(filter(None, (self.path, self.problem)))
        if self.fix:
            said += f", {self.fix}" if self.fix.endswith("?") else f"; {self.fix}"
        if self.found and ", found " not in self.problem:
            said += f"; value found: {self.found}"
        return said
