"""A file with cases: what it may say, and what an error says of what it may not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_hybrid.exceptions import ConfigError
from airflow_provider_hybrid.testing import routes_of, sample_message
from airflow_provider_hybrid.testing.cases import Cases, read_cases

SAMPLE = {"name": "s3:ObjectCreated:Put", "bucket": "partner-a", "key": "orders/1.csv"}
CASE: dict[str, Any] = {"name": "an order", "sample": SAMPLE, "starts": [{"dag_id": "load_a"}]}
ROUTE: dict[str, Any] = {
    "name": "partner_a",
    "event_pattern": {"source": ["aws.s3"], "detail": {"bucket": {"name": ["partner-a"]}}},
    "trigger_dag_id": "load_a",
    "conf": {"key": "{{ event.detail.object.key }}"},
    "delay_seconds": 600,
}


def read(tmp_path: Path, *cases: Any, **further: Any) -> Cases:
    file = tmp_path / "hybrid_cases.json"
    file.write_text(json.dumps({"cases": list(cases), **further}))
    return read_cases(file)


def failure(tmp_path: Path, **changes: Any) -> str:
    (case,) = read(tmp_path, {key: value for key, value in {**CASE, **changes}.items() if value}).cases
    return case.failure(routes_of([ROUTE]))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"sample": {**SAMPLE, "via": "sns", "sent_at": "2026-11-22T02:00:00Z"}},
        {"sample": {**SAMPLE, "via": ["sns", "lambda-sqs"], "message_attributes": {"tenant": "acme"}}},
        {"sample": {**SAMPLE, "//": "a comment"}, "//": ["a", "comment"]},
        {"sample": None, "event": {"source": "aws.s3", "detail": {"bucket": {"name": "partner-a"}}}},
        {"sample": None, "message": sample_message(**SAMPLE)},
        {"ends": "deleted"},
        {"starts": [{"dag_id": "load_a", "conf": {"key": "orders/1.csv"}, "after_seconds": 600}]},
        {"starts": [{"dag_id": "load_a", "route": "partner_a"}]},
    ],
)
def test_what_comes_is_as_expected(tmp_path: Path, changes: dict[str, Any]) -> None:
    event = changes.get("event")
    if event:
        event["detail"]["object"] = {"key": "orders/1.csv"}

    assert failure(tmp_path, **changes) == ""


UNWANTED = {**SAMPLE, "bucket": "partner-b"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts": [{"dag_id": "load_b"}]}, "no run of DAG 'load_b' starts."),
        ({"starts": [{"dag_id": "load_a", "conf": {}}]}, "conf.key: expected nothing, found 'orders/1.csv'"),
        ({"starts": [{"dag_id": "load_a", "run_id": "x"}]}, "run_id: expected 'x'"),
        ({"starts": [{"dag_id": "load_a", "note": "x"}]}, "note: expected 'x'"),
        ({"starts": [{"dag_id": "load_a", "after_seconds": 0}]}, "after: expected"),
        ({"starts": [{"dag_id": "load_a", "window_seconds": 5}]}, "window: expected"),
        ({"ends": "dead_letter"}, "the message does not go to the dead-letter queue"),
        ({"ends": "stays"}, "the message does not stay in the queue"),
    ],
)
def test_what_comes_otherwise_is_told(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    assert sentence in failure(tmp_path, **changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"because": "detail.bucket.name"}, ""),
        ({"because": "Unmatched", "ends": "dead_letter"}, ""),
        ({"because": "detail.object"}, "nothing starts, but not because of 'detail.object'"),
        ({"because": "RouteError", "ends": "dead_letter"}, "nothing starts, but not because of 'RouteError'"),
        ({"ends": "deleted"}, "the message is not deleted"),
    ],
)
def test_what_starts_nothing_is_compared(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    case = {"name": "a", "sample": UNWANTED, "starts": [], **changes}

    (read_case,) = read(tmp_path, case).cases

    assert sentence in read_case.failure(routes_of([ROUTE]))
    assert bool(sentence) == bool(read_case.failure(routes_of([ROUTE])))


def test_a_run_that_nobody_expects_is_told(tmp_path: Path) -> None:
    (case,) = read(tmp_path, {**CASE, "starts": []}).cases
    assert "nothing was expected to start" in case.failure(routes_of([ROUTE]))

    (case,) = read(tmp_path, CASE).cases
    audit = {**ROUTE, "name": "audit", "trigger_dag_id": "audit"}
    assert "more starts than was expected" in case.failure(routes_of([ROUTE, audit]))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts": None}, "cases[0].starts: is no list; write one, in square brackets; value found: null"),
        ({"start": []}, "cases[0].start: unknown key, did you mean 'starts'?"),
        (
            {"starts": [{"dag_id": "a", "dag_i": "a"}]},
            "cases[0].starts[0].dag_i: unknown key, did you mean 'dag_id'?",
        ),
        ({"sample": {}}, "cases[0].sample.name: is missing; add it"),
        (
            {"sample": {"name": "s3:ObjectCreatd:Put"}},
            "cases[0].sample: there is no sample 's3:ObjectCreatd:Put'",
        ),
        (
            {"sample": {**SAMPLE, "buckett": "a"}},
            "'s3:ObjectCreated:Put' has no 'buckett'; did you mean 'bucket'",
        ),
        ({"sample": {**SAMPLE, "size": "1"}}, "size: is no whole number; write one without quotes"),
        (
            {"sample": {**SAMPLE, "sent_at": "noon"}},
            "cases[0].sample.sent_at: is no time; write it as in '2026-11-22T02:00:00Z'",
        ),
        ({"sample": {**SAMPLE, "via": 1}}, "cases[0].sample.via: is no list; write one"),
        ({"event": {}}, "cases[0]: has no event, or several; give it one of 'sample', 'event' and 'message'"),
        ({"because": "x"}, "cases[0]: has a 'because', which is for what starts nothing or is rejected"),
        (
            {"ends": "dead"},
            "cases[0].ends: is none of the words that may stand here; write 'deleted', 'dead_letter'",
        ),
        ({"name": ""}, "cases[0].name: is empty; write a text"),
    ],
)
def test_an_error_names_path_value_and_fix(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, {**CASE, **changes})

    assert sentence in str(raised.value)
    assert "hybrid_cases.json' has 1 fault(s)" in str(raised.value)


def test_one_run_is_not_two(tmp_path: Path) -> None:
    (case,) = read(tmp_path, {**CASE, "starts": CASE["starts"] * 2}).cases

    assert "2 runs are expected, and 1 start" in case.failure(routes_of([ROUTE]))


def test_runs_may_start_from_a_message_that_is_rejected(tmp_path: Path) -> None:
    broken = {**ROUTE, "name": "b", "trigger_dag_id": "load_b", "conf": {"day": "{{ event.detail.day }}"}}

    def case(because: str) -> str:
        (read_case,) = read(tmp_path, {**CASE, "ends": "dead_letter", "because": because}).cases
        return read_case.failure(routes_of([ROUTE, broken]))

    assert case("RouteError") == ""
    assert "rejected, but not because of 'Unmatched'" in case("Unmatched")


def test_two_cases_of_one_name_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cases\[1\].name: 'an order' is also the name of cases\[0\]"):
        read(tmp_path, CASE, CASE)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "- it is not JSON: "),
        ("[]", "- the document is no object; write one, in curly braces"),
        ("{}", "- cases: is missing; add it"),
        ('{"cases": [], "cases": []}', "- cases: stands more than once in its object; keep one"),
        ('{"cases": []}', "- cases: is empty; write at least one"),
    ],
)
def test_a_file_without_cases_is_a_clear_error(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "hybrid_cases.json"
    file.write_text(text)

    with pytest.raises(ConfigError) as raised:
        read_cases(file)

    assert sentence in str(raised.value)
