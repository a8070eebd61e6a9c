"""Plain words for every fault: nobody sees that pydantic reads the configuration."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_hybrid.config import faults as faults_module
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import find_faults
from airflow_provider_hybrid.config.variable import included_text
from airflow_provider_hybrid.routing.fault import Fault

URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
DOCUMENT: dict[str, Any] = {
    "//": "All that a configuration may have.",
    "queue_url": URL,
    "aws_conn_id": "aws_default",
    "region_name": "eu-west-1",
    "dead_letter_queue_url": f"{URL}-dead",
    "wait_time_seconds": 20,
    "visibility_timeout": 30,
    "max_messages": 2000,
    "unmatched": "leave",
    "s3_keys": "auto",
    "run_ids": "readable",
    "max_queued_runs": 10,
    "max_queued_runs_total": 100,
    "expectations_dag_id": "expectations",
    "include": [],
    "expect": [
        {
            "name": "daily",
            "route": "a",
            "by": "07:00",
            "timezone": "Europe/Paris",
            "days": "mon-fri",
            "subject": "in/{{ day }}/*",
        }
    ],
    "routes": [
        {
            "//": ["Two", "lines"],
            "name": "a",
            "event_pattern": {
                "source": ["aws.s3", {"prefix": "x"}],
                "detail": {"size": [{"numeric": [">", 0]}]},
            },
            "trigger_dag_id": "dag_a",
            "conf": {"key": "{{ event.detail.object.key }}", "list": [1, {"deep": "{{ event.id }}"}]},
            "event_id": "{{ event.id }}",
            "subject": "{{ event.source }}",
            "note": "a note",
            "batch": {"max_events": 5, "window_seconds": 60, "key": "{{ event.source }}"},
            "delay_seconds": 60,
            "max_runs_per_minute": 5,
            "enabled": True,
            "max_queued_runs": 10,
        }
    ],
}

OF_PYDANTIC = re.compile(
    r"Input should|instance of|pydantic|String should|should be|valid (?!for)|[A-Z][a-z]+Config\b|NoneType|"
    r"<class|\b(str|int|dict|bool|constrained)\[|ValidationError|Value error"
)

Path = tuple[str | int, ...]


def faults_of(document: Any) -> tuple[Fault, ...]:
    found = find_faults(json.dumps(document), lambda name: included_text(None, name))
    return found.broken.all_faults if isinstance(found, DispatcherConfig) else tuple(found)


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def changed(value: Any, path: Path, other: Any) -> Any:
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], other)  # type: ignore[index]
    return copy


def test_the_document_itself_is_right() -> None:
    assert faults_of(DOCUMENT) == ()


# No letter of it makes a word that OF_PYDANTIC looks for.
TEXTS = st.text("aeiou /.:{}%\"'\u00e9\ud800\n", max_size=12)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(places(DOCUMENT), key=repr)), ANY), min_size=1, max_size=3))
def test_no_wrong_document_shows_what_reads_it(changes: list[tuple[Path, Any]]) -> None:
    document: Any = DOCUMENT
    for path, value in sorted(changes, key=lambda change: -len(change[0])):
        document = changed(document, path, value)

    for fault in faults_of(document):
        assert not OF_PYDANTIC.search(str(fault)), fault
        assert "is no value that may stand here" not in fault.problem, "a kind of error without words"
        assert str(fault).count(fault.found) <= 1 or len(fault.found) < 5, "nothing is said twice"


@pytest.mark.parametrize(
    ("kind", "path", "value", "text"),
    [
        (
            "string_type",
            ("queue_url",),
            1,
            "queue_url: is no text; write one in double quotes; value found: 1",
        ),
        (
            "string_too_short",
            ("routes", 0, "trigger_dag_id"),
            "",
            "routes[0].trigger_dag_id: is empty; write",
        ),
        ("int_type", ("max_messages",), "5", "max_messages: is no whole number; write one without quotes"),
        (
            "bool_type",
            ("routes", 0, "enabled"),
            "no",
            "routes[0].enabled: is neither true nor false; write one",
        ),
        ("list_type", ("expect",), {}, "expect: is no list; write one, in square brackets; value found: {}"),
        ("dict_type", ("routes", 0, "conf"), [], "routes[0].conf: is no object; write one, in curly braces"),
        (
            "model_type",
            ("routes", 0, "batch"),
            5,
            "routes[0].batch: is no object; write one, in curly braces",
        ),
        ("literal_error", ("s3_keys",), "x", "write 'auto', 'encoded' or 'raw'"),
        ("greater_than_equal", ("max_queued_runs",), 0, "max_queued_runs: is too small; write 1 or more"),
        ("less_than_equal", ("wait_time_seconds",), 60, "wait_time_seconds: is too large; write 20 or less"),
        ("multiple_of", ("routes", 0, "batch", "window_seconds"), 7, "is no multiple of 5; write one, as 60"),
    ],
)
def test_each_kind_of_error_has_its_words(kind: str, path: Path, value: Any, text: str) -> None:
    (fault,) = faults_of(changed(DOCUMENT, path, value))

    assert text in str(fault)
    assert (fault.problem, fault.fix) != ("", "")


def test_no_kind_is_left_out_of_the_test_above() -> None:
    (marks,) = (mark for mark in test_each_kind_of_error_has_its_words.pytestmark)  # type: ignore[attr-defined]
    assert {kind for kind, *_ in marks.args[1]} == set(faults_module._WORDS)


@pytest.mark.parametrize("changes", [{"run_ids": "\ud800"}, {"\udfff": 1}])
def test_half_a_character_is_a_fault(changes: dict[str, Any]) -> None:
    (fault,) = faults_of({**DOCUMENT, **changes})

    assert "is half of a character; mend the document" in str(fault)


def test_a_comment_that_is_none_is_one_fault() -> None:
    (fault,) = faults_of({**DOCUMENT, "//": {"a": 1}})

    assert str(fault) == '//: is no comment; write a text, or a list of texts; value found: {"a": 1}'


def test_a_fault_has_its_parts_for_programs() -> None:
    assert faults_of({**DOCUMENT, "unmatched": "drop"}) == (
        Fault(
            "unmatched",
            "is none of the words that may stand here",
            "write 'dead_letter', 'delete' or 'leave'",
            '"drop"',
        ),
    )


def test_the_value_that_a_pattern_names_is_not_named_again() -> None:
    (fault,) = faults_of(changed(DOCUMENT, ("routes", 0, "event_pattern"), {"source": "aws.s3"}))

    assert str(fault).count("aws.s3") == 1
    assert fault.found == '"aws.s3"'
