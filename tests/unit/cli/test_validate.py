"""`hybrid validate` as one types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from airflow_provider_hybrid.cli.main import app
from tests.harness.outputs import output_of

ROUTE: dict[str, Any] = {
    "name": "partner_a",
    "event_pattern": {"source": ["aws.s3"], "detail-type": ["Object Created"]},
    "trigger_dag_id": "partner_a",
}


def validate(tmp_path: Path, *routes: dict[str, Any], **changes: Any) -> Result:
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"queue_url": "https://sqs/1/events", "routes": list(routes), **changes}))
    return CliRunner().invoke(app, ["validate", "--config", str(file), "--no-dags", "--json"])


def texts(result: Result) -> list[str]:
    return [fault["text"] for fault in output_of("validate", result.stdout)["faults"]]


def test_a_good_configuration_leaves_with_0(tmp_path: Path) -> None:
    result = validate(tmp_path, ROUTE)

    assert (result.exit_code, output_of("validate", result.stdout)["warnings"]) == (0, [])


def test_every_fault_is_told_and_leaves_with_1(tmp_path: Path) -> None:
    result = validate(tmp_path, {**ROUTE, "pattern": {}}, unmatched="drop")

    assert result.exit_code == 1
    assert len(output_of("validate", result.stdout)["faults"]) == 2


@pytest.mark.parametrize(
    ("route", "warning"),
    [
        (
            {"event_pattern": {"detailtype": ["x"]}},
            "event_pattern.detailtype: 'detailtype' is no field of EventBridge's envelope; "
            "did you mean 'detail-type'?",
        ),
        (
            {"event_pattern": {"source": {"x": ["y"]}}},
            "event_pattern.source: can never match: 'source' is a string",
        ),
        ({"event_pattern": {"detail": ["x"]}}, "event_pattern.detail: can never match"),
        (
            {"event_pattern": {"source": ["aws.s3"], "detail-type": ["ObjectCreated:Put"]}},
            "event_pattern.detail-type: 'ObjectCreated:Put' is the name of a notification; "
            "the detail-type is 'Object Created'",
        ),
        ({"event_id": "constant"}, "event_id: is the same for every event"),
        ({"delay_seconds": 4 * 24 * 3600 + 1}, "delay_seconds: is longer than the four days"),
    ],
)
def test_what_nobody_can_have_meant_is_a_warning(tmp_path: Path, route: dict[str, Any], warning: str) -> None:
    result = validate(tmp_path, {**ROUTE, **route})

    (found,) = output_of("validate", result.stdout)["warnings"]
    assert found.startswith(f"routes[0]: {warning}")
    assert result.exit_code == 0


@pytest.mark.parametrize(("one", "other"), [("a", "a__b"), ("orders", "Orders")])
def test_run_ids_that_would_collide_are_a_warning(tmp_path: Path, one: str, other: str) -> None:
    result = validate(tmp_path, {**ROUTE, "name": one}, {**ROUTE, "name": other})

    (found,) = output_of("validate", result.stdout)["warnings"]
    assert found.startswith(f"routes {one!r} and {other!r}: run ids")


def test_a_dotted_key_is_a_way_through_the_event(tmp_path: Path) -> None:
    result = validate(tmp_path, {**ROUTE, "event_pattern": {"detail.bucket.name": ["partner-a"]}})

    assert output_of("validate", result.stdout)["warnings"] == []


def test_a_field_that_must_be_absent_may_be_any(tmp_path: Path) -> None:
    result = validate(tmp_path, {**ROUTE, "event_pattern": {"replay-name": [{"exists": False}]}})

    assert output_of("validate", result.stdout)["warnings"] == []


def test_people_are_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text("{")

    result = CliRunner().invoke(app, ["validate", "--config", str(file)])

    assert result.exit_code == 1
    assert result.stdout.startswith("fault it is not JSON")


def test_a_file_that_is_not_there_leaves_with_2(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["validate", "--config", str(tmp_path / "nothing.json")])

    assert result.exit_code == 2
    assert "No such file" in result.stderr


def test_a_pattern_that_can_never_match_is_a_warning(tmp_path: Path) -> None:
    pattern = {"detail": {"x": [1], "x.y": [2]}}

    (warning,) = json.loads(validate(tmp_path, {**ROUTE, "event_pattern": pattern}).stdout)["warnings"]

    assert warning.startswith("routes[0]: event_pattern: can never match")


def test_an_expectation_of_a_route_that_is_switched_off_is_a_warning(tmp_path: Path) -> None:
    off = {**ROUTE, "enabled": False}

    result = validate(tmp_path, off, expect=[{"route": "partner_a", "by": "07:00"}])

    (found,) = output_of("validate", result.stdout)["warnings"]
    assert found == "expect[0]: the route 'partner_a' is switched off, so nobody looks for its events"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"by": "7"},
            "expect[0].by: is no time of day; write hours and minutes, as in '07:00'; value found: ",
        ),
        ({"by": "24:00"}, "expect[0].by: is no time of day"),
        ({"timezone": "Europe/Pari"}, "expect[0].timezone: is no time zone, did you mean 'Europe/Paris'?"),
        ({"timezone": "x"}, "expect[0].timezone: is no time zone; write 'Europe/Paris' or 'UTC', say"),
        ({"days": "mon - fri"}, "expect[0].days: is no list of days; write 'mon-fri', "),
        (
            {"subject": "orders/{{ date }}/*"},
            "expect[0].subject: cannot be filled: 'date' is undefined in the ",
        ),
        ({"subject": "orders/{{ day }/*"}, "expect[0].subject: not a Jinja template"),
        ({"subject": "orders/**"}, "expect[0].subject: two stars in a row; one is enough"),
        ({"route": "partner_b"}, "expect[0].route: there is no route 'partner_b'; name one of 'routes'"),
        (
            {"untl": "x"},
            "expect[0].untl: unknown key; known here are name, route, by, timezone, days, subject",
        ),
        ({"rout": "x"}, "expect[0].rout: unknown key, did you mean 'route'?"),
    ],
    ids=str,
)
def test_a_fault_in_an_expectation_is_told_with_its_place_and_the_fix(
    tmp_path: Path, changes: dict[str, Any], fault: str
) -> None:
    result = validate(tmp_path, ROUTE, expect=[{"route": "partner_a", "by": "07:00", **changes}])

    (found,) = texts(result)
    assert found.startswith(fault)


def test_two_expectations_of_one_route_need_names(tmp_path: Path) -> None:
    expect = [{"route": "partner_a", "by": "07:00"}, {"route": "partner_a", "by": "09:00"}]

    (found,) = texts(validate(tmp_path, ROUTE, expect=expect))

    assert found == ("expect[1]: 'partner_a' is also the name of expect[0]; give each a 'name' of its own")


@pytest.mark.parametrize("enabled", [True, False])
def test_a_broken_route_is_a_fault_and_the_others_are_looked_at(tmp_path: Path, enabled: bool) -> None:
    odd = {**ROUTE, "name": "odd", "event_id": "constant"}

    result = validate(tmp_path, {**ROUTE, "pattern": {}, "enabled": enabled}, odd)

    said = output_of("validate", result.stdout)
    assert (result.exit_code, len(said["faults"])) == (1, 1)
    assert said["warnings"][0].startswith("routes[1]: event_id: is the same for every event")


def test_included_variables_are_files_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "team_a.json").write_text(json.dumps([{**ROUTE, "pattern": {}}]))

    result = validate(tmp_path, {**ROUTE, "name": "first"}, include=["team_a", "team_b"])

    first, second = texts(result)
    assert first == "team_a[0].pattern: unknown key, did you mean 'event_pattern'?"
    assert second.startswith("team_b: ")


@pytest.mark.parametrize(
    ("changes", "faults", "warnings"),
    [({}, [], 0), ({"event_id": "x"}, [], 1), ({"pattern": {}}, ["team_a[0].pattern: unknown key"], 0)],
)
def test_a_list_of_routes_is_checked_alone(
    tmp_path: Path, changes: dict[str, Any], faults: list[str], warnings: int
) -> None:
    file = tmp_path / "team_a.json"
    file.write_text(json.dumps([{**ROUTE, **changes}]))

    result = CliRunner().invoke(app, ["validate", "--config", str(file), "--no-dags", "--json"])

    said = output_of("validate", result.stdout)
    assert [fault.partition(",")[0] for fault in texts(result)] == faults
    assert len(said["warnings"]) == warnings
    assert result.exit_code == bool(faults)


@pytest.mark.parametrize(("total", "warned"), [(None, False), (2000, False), (1500, True)])
def test_a_limit_of_all_that_a_single_dag_reaches_is_a_warning(
    tmp_path: Path, total: int | None, warned: bool
) -> None:
    second = {**ROUTE, "name": "second", "trigger_dag_id": "second"}

    result = validate(tmp_path, ROUTE, second, max_queued_runs_total=total)

    assert [text.partition(":")[0] for text in output_of("validate", result.stdout)["warnings"]] == (
        ["max_queued_runs_total"] if warned else []
    )
