"""Figures of an outcome."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.benchmark.outcome import Outcome

Figures = dict[str, float]


def latencies(outcome: Outcome) -> list[float]:
    """Return the seconds from sending each event to the creation of its run, those without a run left out."""
    return [
        (min(runs.values()) - outcome.sent[event]).total_seconds()
        for event, runs in outcome.runs.items()
        if runs
    ]


def paced_figures(outcome: Outcome) -> Figures:
    """Return the median and the 95th percentile of the latencies, and the processes per event."""
    seconds = latencies(outcome)
    return {
        **({"p50": statistics.median(seconds), "p95": percentile(seconds, 0.95)} if seconds else {}),
        "processes_per_event": outcome.processes / len(outcome.sent),
    }


def burst_figures(outcome: Outcome) -> Figures:
    """Return how fast runs were created.

    ``runs_per_second`` is the number of runs divided by the seconds from the creation of the first to that of
    the last; ``seconds_to_all`` those from sending the last event to the creation of the last run;
    ``seconds_in_all`` those from sending the first event to it.
    """
    moments = sorted({run_id: at for runs in outcome.runs.values() for run_id, at in runs.items()}.values())
    figures = {"processes_per_event": outcome.processes / len(outcome.sent), "runs": float(len(moments))}
    if len(moments) > 1:
        figures["runs_per_second"] = len(moments) / (moments[-1] - moments[0]).total_seconds()
    if moments:
        figures["seconds_to_all"] = (moments[-1] - outcome.sent_until).total_seconds()
        figures["seconds_in_all"] = (moments[-1] - min(outcome.sent.values())).total_seconds()
    return figures


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least such a share of all values does not exceed."""
    ordered: Sequence[float] = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1]
