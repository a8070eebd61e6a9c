from __future__ import annotations

from pathlib import Path

from tests.benchmark.grid import flaws, grids
from tests.benchmark.measurement import Measurement, Results
from tests.benchmark.verdicts import Verdict, verdicts

OURS, REST = "hybrid", "rest_1"


def results(*measurements: Measurement) -> Results:
    return Results({}, list(measurements))


def burst(contender: str, number: int, rate: float, **fields: int) -> Measurement:
    return Measurement("burst_1000", contender, number, {"runs_per_second": rate}, events=1000, **fields)


def judge(measured: Results, what: str) -> Verdict:
    [verdict] = [verdict for verdict in verdicts(measured) if what in verdict.what]
    return verdict


def test_a_ratio_is_that_of_the_medians_over_the_rounds() -> None:
    measured = results(
        *(burst(OURS, number, rate) for number, rate in enumerate([20, 45, 44])),
        *(burst(REST, number, rate) for number, rate in enumerate([50, 55, 10])),
    )
    verdict = judge(measured, "of the REST limit")
    assert verdict.value == 44 / 50
    assert verdict.holds


def test_the_limit_is_that_of_the_faster_clients() -> None:
    measured = results(burst(OURS, 1, 44), burst("rest_1", 1, 50), burst("rest_8", 1, 60))
    verdict = judge(measured, "of the REST limit")
    assert verdict.value == 44 / 60
    assert not verdict.holds


def test_a_round_in_which_an_event_has_no_run_or_two_is_left_out_and_named() -> None:
    measured = results(burst(OURS, 1, 90, missing=1), burst(OURS, 2, 80, twice=1), burst(OURS, 3, 40))
    assert measured.values("burst_1000", OURS, "runs_per_second") == [40]
    [grid] = [grid for grid in grids(measured) if grid.title == "Runs created per second"]
    assert grid.rows == [["this package", "40.0 (2 of 3 rounds failed)"]]
    assert len(flaws(measured)) == 2


def test_what_was_not_measured_is_not_judged() -> None:
    assert verdicts(results(burst(REST, 1, 50))) == []


def test_at_most_includes_the_target() -> None:
    idle = results(Measurement("idle", OURS, 1, {"processes_per_hour": 0.0}))
    assert judge(idle, "idle").holds


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    written = Results({"cores": 2}, [burst(OURS, 1, 44.5)])
    written.save(tmp_path / "results.json")
    assert Results.load(tmp_path / "results.json") == written
