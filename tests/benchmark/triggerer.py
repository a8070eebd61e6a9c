"""What the triggerer costs, and whether something held it up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from tests.harness.process import Process

_BLOCKED = re.compile(r"async thread was blocked for ([0-9.]+) seconds")


@dataclass(frozen=True)
class Triggerer:
    """Airflow's triggerer: two processes, one of which runs the triggers."""

    process: Process

    def cpu_seconds(self) -> float:
        """Return the CPU time it has used."""
        return sum(sum(part.cpu_times()[:2]) for part in self._parts())

    def resident_bytes(self) -> int:
        """Return the memory of both processes (RSS); what they share counts twice."""
        return sum(part.memory_info().rss for part in self._parts())

    def log_size(self) -> int:
        """Return the size of its log in bytes."""
        return self.process.log.stat().st_size

    def blocks(self, since: int) -> list[float]:
        """Return how many seconds its event loop was blocked, each time that it has warned so.

        Args:
            since: The size of the log up to which all is known already.
        """
        with self.process.log.open("rb") as log:
            log.seek(since)
            return [float(seconds) for seconds in _BLOCKED.findall(log.read().decode(errors="replace"))]

    def _parts(self) -> list[psutil.Process]:
        main = psutil.Process(self.process.pid)
        return [main, *main.children(recursive=True)]
