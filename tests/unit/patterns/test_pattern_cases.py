"""Corners of the pattern language, one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.pattern import EventPattern
from tests.harness.pattern_cases import DOES_NOT_MATCH, MATCHES, REFUSED, wrapped


@pytest.mark.parametrize(
    ("what", "pattern", "event"), MATCHES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_matches(what: str, pattern: dict[str, Any], event: dict[str, Any]) -> None:
    assert EventPattern(wrapped(pattern)).matches(wrapped(event))


@pytest.mark.parametrize(
    ("what", "pattern", "event"), DOES_NOT_MATCH, ids=lambda value: value if isinstance(value, str) else ""
)
def test_does_not_match(what: str, pattern: dict[str, Any], event: dict[str, Any]) -> None:
    assert not EventPattern(wrapped(pattern)).matches(wrapped(event))


@pytest.mark.parametrize(("pattern", "path"), REFUSED, ids=lambda value: json.dumps(value)[:60])
def test_refused(pattern: dict[str, Any], path: tuple[str | int, ...]) -> None:
    with pytest.raises(EventPatternError) as raised:
        EventPattern(wrapped(pattern))

    assert raised.value.path == ("detail", *path)


@pytest.mark.parametrize(
    ("pattern", "event", "fits"),
    [
        ({"x.y": [1]}, {"x.y": 1}, True),
        ({"x.y": [1], "x.z": [2]}, {"x.y": 1, "x": {"z": 2}}, True),
        ({"x": {"y.z": [1]}}, {"x": [{"y.z": 0}, {"y.z": 1}]}, True),
        ({"x.y": [1]}, {"x.y": 2, "x": {"y.z": 1}}, False),
    ],
)
def test_a_dot_in_an_event_is_as_good_as_one_in_a_pattern(
    pattern: dict[str, Any], event: dict[str, Any], fits: bool
) -> None:
    """Here the oracle is not asked: it reads only the keys of patterns so.

    Event Ruler joins the keys of events too: its README shows one "as a set of name/value pairs".
    """
    assert EventPattern(wrapped(pattern)).matches(wrapped(event)) is fits


def test_a_thousand_combinations_are_enough() -> None:
    ten = [{"x": [number]} for number in range(10)]

    assert EventPattern({"a": {"$or": ten}, "b": {"$or": ten}, "c": {"$or": ten}})
    with pytest.raises(EventPatternError, match="1000 combinations"):
        EventPattern({"a": {"$or": ten}, "b": {"$or": ten}, "c": {"$or": [*ten, {"x": [10]}]}})


def nested(levels: int, innermost: Any, key: str = "x") -> Any:
    for _ in range(levels):
        innermost = {key: innermost}
    return innermost


def test_a_pattern_may_be_as_deep_as_an_event() -> None:
    assert EventPattern(nested(100, [1])).matches(nested(100, 1))


@pytest.mark.parametrize(
    "pattern",
    [
        nested(101, [1]),
        nested(50_000, [1]),
        {".".join("x" * 101): [1]},
        {"x": [nested(50_000, 1, "prefix")]},
        {"$or": [nested(50_000, [1]), {"x": [1]}]},
        {"x": [{"anything-but": nested(50_000, 1, "prefix")}]},
    ],
    ids=["101", "50,000", "dots", "operators", "or", "operands"],
)
def test_a_pattern_that_is_deeper_is_refused(pattern: dict[str, Any]) -> None:
    with pytest.raises(EventPatternError):
        EventPattern(pattern)


def test_an_event_may_be_of_any_depth() -> None:
    deep_array: Any = 1
    for _ in range(50_000):
        deep_array = [deep_array]
    event = {
        "x": deep_array,
        "y": nested(50_000, 1),
        ".".join("z" * 50_000): 1,
        ".".join("z" * 50_000) + "a": 1,
    }

    assert EventPattern({"x": [1]}).matches(event)
    assert EventPattern({"y": {"x": [{"exists": False}]}}).matches(event)
    assert EventPattern({"z.z": [{"exists": False}]}).matches(event)


@pytest.mark.parametrize(
    ("operator", "fits"),
    [
        ({"wildcard": "*a*a*a*a*a*a*a*a*b"}, False),
        ({"wildcard": "*" + "a*" * 200 + "b*"}, False),
        ({"wildcard": "*" + "a*" * 200}, True),
        ({"prefix": {"equals-ignore-case": "A" * 2**16}}, True),
        ({"suffix": {"equals-ignore-case": "A" * 1000}}, True),
        ({"cidr": "10.0.0.0/8"}, False),
    ],
)
def test_a_text_of_a_mebibyte_takes_no_longer_than_reading_it(operator: dict[str, Any], fits: bool) -> None:
    """A matcher that goes back and forth would not come to an end here."""
    assert EventPattern({"x": [operator]}).matches({"x": "a" * 2**20}) is fits
