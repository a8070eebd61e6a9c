"""Which events a pattern wants."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.pattern import EventPattern

EVENT: dict[str, Any] = {
    "source": "aws.s3",
    "detail-type": "Object Created",
    "resources": ["arn:aws:s3:::partner-a"],
    "detail": {
        "bucket": {"name": "partner-a"},
        "object": {"key": "orders/2026-11-22/a.csv", "size": 5, "empty": "", "nothing": None},
        "parts": [{"number": 1}, {"number": 2}],
        "ok": True,
    },
}


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.s3"]},
        {"source": ["other", "aws.s3"]},
        {"detail": {"bucket": {"name": ["partner-a"]}, "object": {"size": [5]}}},
        {"detail": {"object": {"size": [5.0]}}},
        {"detail": {"object": {"nothing": [None]}}},
        {"detail": {"object": {"empty": [""]}}},
        {"detail": {"ok": [True]}},
        {"detail": {"object": {"key": [{"prefix": "orders/"}]}}},
        {"detail": {"object": {"key": [{"suffix": ".csv"}]}}},
        {"detail": {"object": {"key": [{"exists": True}], "version-id": [{"exists": False}]}}},
        {"resources": [{"prefix": "arn:aws:s3:::"}]},
        {"detail": {"parts": {"number": [2]}}},
        {"account": [{"exists": False}]},
    ],
)
def test_it_matches(pattern: dict[str, Any]) -> None:
    assert EventPattern(pattern).matches(EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.S3"]},
        {"source": ["aws.s3"], "detail-type": ["Object Deleted"]},
        {"detail": {"object": {"size": ["5"]}}},
        {"detail": {"ok": [1]}},
        {"detail": {"parts": {"number": [True]}}},
        {"detail": {"object": {"key": [{"prefix": "Orders/"}]}}},
        {"detail": {"object": {"key": [{"suffix": ".CSV"}]}}},
        {"detail": {"object": {"size": [{"prefix": "5"}]}}},
        {"detail": {"object": {"key": [{"exists": False}]}}},
        {"detail": {"object": [{"exists": True}]}},
        {"detail": {"bucket": {"name": {"deeper": ["x"]}}}},
        {"account": ["1"]},
    ],
)
def test_it_does_not_match(pattern: dict[str, Any]) -> None:
    assert not EventPattern(pattern).matches(EVENT)


@pytest.mark.parametrize(
    ("pattern", "path", "rule"),
    [
        ({}, (), "empty object"),
        ({"source": "aws.s3"}, ("source",), "an object or a list"),
        ({"source": []}, ("source",), "empty list"),
        ({"detail": {"key": {}}}, ("detail", "key"), "empty object"),
        ({"source": [["a"]]}, ("source", 0), "one operator"),
        ({"source": ["ok", {"prefix": "a", "suffix": "b"}]}, ("source", 1), "one operator"),
        ({"source": [{"prefx": "a"}]}, ("source", 0, "prefx"), "did you mean .prefix."),
        ({"source": [{"prefix": 1}]}, ("source", 0, "prefix"), "expected a string"),
        ({"source": [{"exists": "yes"}]}, ("source", 0, "exists"), "true or false"),
    ],
)
def test_a_wrong_pattern_is_refused_with_path_and_rule(
    pattern: dict[str, Any], path: tuple[str | int, ...], rule: str
) -> None:
    with pytest.raises(EventPatternError, match=rule) as raised:
        EventPattern(pattern)

    assert raised.value.path == path
