"""What the figures should be, relative to each other within one run."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmark.names import CONTENDERS, HYBRID, PEERS, RESTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.benchmark.measurement import Results


@dataclass(frozen=True)
class Verdict:
    """A target, and what was measured; ``value`` is None where something it needs was not measured."""

    contender: str
    what: str
    value: float | None
    target: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the target is met."""
        if self.value is None:
            return False
        return self.value >= self.target if self.at_least else self.value <= self.target

    @property
    def cells(self) -> list[str]:
        """The verdict as a row of a table."""
        bound = f"{'at least' if self.at_least else 'at most'} {self.target:g}"
        if self.value is None:
            return [CONTENDERS[self.contender], self.what, "not measured", bound, "-"]
        return [
            CONTENDERS[self.contender],
            self.what,
            f"{self.value:.3g}",
            bound,
            "yes" if self.holds else "NO",
        ]


HEADINGS = ("", "", "measured", "target", "holds")


def verdicts(results: Results) -> list[Verdict]:
    """Judge this package, as far as it was measured, by medians over the rounds."""
    return [verdict for verdict in _judge(results, HYBRID) if verdict.value is not None]


def _judge(results: Results, ours: str) -> Iterator[Verdict]:
    def median(load: str, figure: str, contender: str = ours) -> float | None:
        values = results.values(load, contender, figure)
        return statistics.median(values) if values else None

    burst = median("burst_1000", "runs_per_second")
    limit = _best(max, [median("burst_1000", "runs_per_second", rest) for rest in RESTS])
    sensor = median("burst_100", "runs_per_second", "sqs_sensor")
    yield Verdict(ours, "burst of 1,000: runs/s, of the REST limit", _ratio(burst, limit), 0.8, at_least=True)
    yield Verdict(
        ours,
        "burst of 1,000: runs/s, of SqsSensor's in a burst of 100",
        _ratio(burst, sensor),
        40,
        at_least=True,
    )
    steady = median("steady", "p50")
    watcher = median("steady", "p50", "asset_watcher")
    yield Verdict(ours, "one per second: p50, of AssetWatcher's", _ratio(steady, watcher), 0.7)
    yield Verdict(ours, "one per second: p95, of its own p50", _ratio(median("steady", "p95"), steady), 1.5)
    sparse = median("sparse", "p50")
    best = _best(min, [median("sparse", "p50", peer) for peer in PEERS])
    yield Verdict(ours, "one per 12 s: p50, s", sparse, 3)
    yield Verdict(ours, "one per 12 s: p50, of the best peer's", _ratio(sparse, best), 0.8)
    in_burst = median("burst_1000", "processes_per_event")
    yield Verdict(ours, "burst of 1,000: processes per event", in_burst, 0.03)
    yield Verdict(ours, "one per 12 s: processes per event", median("sparse", "processes_per_event"), 2)
    yield Verdict(ours, "idle: processes per hour", median("idle", "processes_per_hour"), 0)
    yield Verdict(
        ours, "10,000 events in batches: s from the first one on", median("batch", "seconds_in_all"), 60
    )
    yield Verdict(ours, "100 dispatchers more: warnings", median("crowd", "blocked_warnings"), 0)


def _ratio(ours: float | None, theirs: float | None) -> float | None:
    return ours / theirs if ours is not None and theirs else None


def _best(choose: Callable[[Iterable[float]], float], values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return choose(known) if known else None
