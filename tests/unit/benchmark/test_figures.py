from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.benchmark.figures import burst_figures, latencies, paced_figures, percentile
from tests.benchmark.outcome import Outcome

BEGIN = datetime(2026, 11, 23, tzinfo=timezone.utc)


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def outcome(runs: dict[str, dict[str, float]], processes: int = 0) -> Outcome:
    """All events were sent at second 0, the last of them was taken by SQS at second 1."""
    return Outcome(
        sent=dict.fromkeys(runs, BEGIN),
        sent_until=at(1),
        runs={event: {run: at(second) for run, second in found.items()} for event, found in runs.items()},
        processes=processes,
    )


def test_a_latency_is_the_time_from_sending_an_event_to_its_first_run() -> None:
    assert latencies(outcome({"a": {"1": 3.0}, "b": {"2": 5.0, "3": 4.0}, "c": {}})) == [3.0, 4.0]


def test_a_steady_load_is_told_by_median_and_95th_percentile() -> None:
    runs = {f"e{number}": {f"r{number}": float(number)} for number in range(1, 101)}
    assert paced_figures(outcome(runs, processes=25)) == {
        "p50": 50.5,
        "p95": 95.0,
        "processes_per_event": 0.25,
    }


def test_a_burst_is_told_by_the_runs_between_the_first_and_the_last() -> None:
    figures = burst_figures(outcome({"a": {"1": 2.0}, "b": {"2": 3.0}, "c": {"3": 4.0}}))
    assert figures["runs_per_second"] == pytest.approx(3 / 2)
    assert figures["seconds_to_all"] == 3.0
    assert figures["seconds_in_all"] == 4.0


def test_events_that_share_a_run_count_as_one_run() -> None:
    figures = burst_figures(outcome({"a": {"1": 2.0}, "b": {"1": 2.0}, "c": {"2": 4.0}}))
    assert figures["runs"] == 2


def test_an_event_without_a_run_is_missing_and_one_with_two_is_twice() -> None:
    found = outcome({"a": {}, "b": {"1": 1.0, "2": 2.0}, "c": {"3": 1.0}})
    assert (found.missing, found.twice) == (1, 1)


@pytest.mark.parametrize(
    ("values", "share", "expected"), [([1, 2, 3, 4], 0.95, 4), ([4, 2, 1, 3], 0.5, 2), ([7], 0.95, 7)]
)
def test_a_percentile_is_a_value_that_was_measured(
    values: list[float], share: float, expected: float
) -> None:
    assert percentile(values, share) == expected
