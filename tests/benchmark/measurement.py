"""What is written down of one load of one contender in one round."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmark.figures import Figures


@dataclass(frozen=True)
class Measurement:
    """One measurement; all else is calculated from these."""

    load: str
    contender: str
    round: int
    figures: Figures = field(default_factory=dict)
    events: int = 0
    missing: int = 0
    """Events without a run."""
    twice: int = 0
    """Events with more than one run."""
    latencies: list[float] = field(default_factory=list)
    """Seconds from sending each event to the creation of its run."""
    error: str | None = None
    """Why there is nothing to look at."""

    @property
    def sound(self) -> bool:
        """Whether the figures may be looked at: each event had its run, once."""
        return not (self.error or self.missing or self.twice)

    @property
    def flaw(self) -> str:
        """Why they may not."""
        if self.error:
            return self.error
        return f"of {self.events} events {self.missing} without a run, {self.twice} with more than one"


@dataclass(frozen=True)
class Results:
    """The measurements of a run of the benchmark, and where it ran."""

    machine: dict[str, Any]
    measurements: list[Measurement]

    def save(self, file: Path) -> None:
        """Write all of it as JSON."""
        draft = file.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(self), indent=1) + "\n")
        draft.rename(file)

    @classmethod
    def load(cls, file: Path) -> Results:
        """Read what `save` wrote."""
        document = json.loads(file.read_text())
        return cls(document["machine"], [Measurement(**entry) for entry in document["measurements"]])

    def of(self, load: str, contender: str) -> list[Measurement]:
        """Return the measurements of a load of a contender, round by round."""
        return [entry for entry in self.measurements if (entry.load, entry.contender) == (load, contender)]

    def values(self, load: str, contender: str, figure: str) -> list[float]:
        """Return a figure of each round that is sound."""
        return [
            entry.figures[figure]
            for entry in self.of(load, contender)
            if entry.sound and figure in entry.figures
        ]
