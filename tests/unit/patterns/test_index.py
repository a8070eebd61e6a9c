"""The index answers as a loop over all patterns would."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.index import PatternIndex
from airflow_provider_hybrid.patterns.pattern import EventPattern
from tests.harness.pattern_maker import PatternMaker


def compiled(maker: PatternMaker, event: dict[str, Any]) -> list[EventPattern]:
    patterns = []
    for pattern in [maker.pattern(), maker.pattern(), maker.pattern_for(event), maker.pattern_for(event)]:
        try:
            patterns.append(EventPattern(pattern))
        except EventPatternError:
            continue
    return patterns


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=True))
def test_it_finds_what_a_loop_over_all_patterns_finds_in_the_same_order(random: Random) -> None:
    maker = PatternMaker(random, wrong=0)
    events = [maker.event() for _ in range(4)]
    patterns = list(enumerate(pattern for event in events for pattern in compiled(maker, event)))

    index = PatternIndex(patterns)

    for event in events:
        assert index.matching(event) == [key for key, pattern in patterns if pattern.matches(event)]


class Counting(EventPattern):
    """A pattern that counts how often it is asked."""

    asked = 0

    def matches(self, event: Any) -> bool:
        Counting.asked += 1
        return super().matches(event)


@pytest.mark.parametrize(
    "element",
    [
        lambda n: f"partner-{n}",
        lambda n: {"prefix": f"partner-{n}"},
        lambda n: {"suffix": f"-{n}"},
        lambda n: {"wildcard": f"*r-{n}"},
        lambda n: {"wildcard": f"par*r-{n}"},
        lambda n: {"wildcard": f"partner-{n}*"},
    ],
)
def test_only_the_pattern_that_fits_is_asked(element: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Counting, "asked", 0)
    index = PatternIndex(
        (n, Counting({"source": ["aws.s3"], "detail": {"bucket": {"name": [element(n)]}}}))
        for n in range(100, 200)
    )

    assert index.matching({"source": "aws.s3", "detail": {"bucket": {"name": "partner-123"}}}) == [123]
    assert Counting.asked == 1


def test_values_in_arrays_of_objects_are_found() -> None:
    index = PatternIndex([("a", EventPattern({"parts": {"tag": [{"prefix": "x"}]}}))])

    assert index.matching({"parts": [{"tag": "y"}, [{"tag": ["z", "xyz"]}]]}) == ["a"]


def test_each_way_through_an_or_is_filed() -> None:
    index = PatternIndex([("a", EventPattern({"$or": [{"x": [1]}, {"y": [{"prefix": "b"}]}]}))])

    assert index.matching({"x": 1.0}) == ["a"]
    assert index.matching({"y": "bc"}) == ["a"]
    assert index.matching({"x": True, "y": "c"}) == []


def test_an_event_key_with_a_dot_is_found() -> None:
    index = PatternIndex([("a", EventPattern({"labels": {"app.name": ["x"]}}))])

    assert index.matching({"labels": {"app.name": "x"}}) == ["a"]


def test_the_order_is_that_of_the_entries() -> None:
    """Numbers in a set come out in order by chance, as a rule; 8 and 1 do not."""
    index = PatternIndex((n, EventPattern({"x": ["a" if n in (1, 8) else f"{n}"]})) for n in range(9))

    assert index.matching({"x": "a"}) == [1, 8]
