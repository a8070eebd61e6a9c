"""No pattern and no event makes matching slower than their lengths explain."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_hybrid.patterns.matchers.leaf import parse_leaf
from airflow_provider_hybrid.patterns.pattern import EventPattern

TOO_SHORT = 0.02
"""Seconds below which a measurement says nothing."""

Sizes = Callable[[int], Callable[[], Any]]


def leaf(elements: list[Any], value: str) -> Callable[[], Any]:
    compiled = parse_leaf(elements, ())
    return lambda: compiled.matches([value])


def pattern(source: dict[str, Any], event: dict[str, Any]) -> Callable[[], Any]:
    compiled = EventPattern(source)
    return lambda: compiled.matches(event)


def wildcard_of_many_stars(n: int) -> Callable[[], Any]:
    """Each piece fits almost everywhere, and the last fits nowhere: a search that goes back never ends."""
    return leaf([{"wildcard": f"*{'a*' * 200}b*c"}], "a" * 100 * n + "c")


def wildcard_that_nearly_fits(n: int) -> Callable[[], Any]:
    return leaf([{"wildcard": f"*{'a' * 500}b{'a' * 500}*"}], "a" * 100 * n)


def anything_but_wildcards(n: int) -> Callable[[], Any]:
    return leaf([{"anything-but": {"wildcard": ["*a" * 50 + "b"] * 20}}], "a" * 50 * n)


def letters_of_two_lengths(n: int) -> Callable[[], Any]:
    """ß is also SS, İ also i̇: a matcher that tried each combination would take 2 to the power of n."""
    return leaf([{"equals-ignore-case": "ßİŉ" * 10 * n}], "SSi̇\N{MODIFIER LETTER APOSTROPHE}N" * 10 * n)


def suffix_in_any_case(n: int) -> Callable[[], Any]:
    return leaf([{"suffix": {"equals-ignore-case": "İ" * 10 * n}}], "i̇" * 20 * n)


def address_that_never_ends(n: int) -> Callable[[], Any]:
    return leaf([{"cidr": "10.0.0.0/8"}], "1" * 500 * n)


def keys_that_begin_alike(n: int) -> Callable[[], Any]:
    """With a dot in the pattern, all of these are one object, which each key must not make anew."""
    return pattern({"a.b": ["x"]}, {f"a.{key}": 0 for key in range(10 * n)})


def keys_of_many_dots(n: int) -> Callable[[], Any]:
    return pattern({"a.b": ["x"]}, {f"{'a.' * 90}{key}": 0 for key in range(n // 5)})


def arrays_in_arrays(n: int) -> Callable[[], Any]:
    event: Any = {"d": ["y"] * 10}
    for key in "cba":
        event = {key: [event] * 5}
    return pattern({"x": {"a": {"b": {"c": {"d": [{"wildcard": "*x*"}]}}}}}, {"x": [event] * (n // 20)})


def many_alternatives(n: int) -> Callable[[], Any]:
    """As many as a configuration may have."""
    choices = [{"a": {f"k{number}": ["never"]}} for number in range(1000)]
    return pattern({"$or": choices}, {"a": [{"z": 1}] * (n // 20)})


@pytest.mark.parametrize(
    "work",
    [
        wildcard_of_many_stars,
        wildcard_that_nearly_fits,
        anything_but_wildcards,
        letters_of_two_lengths,
        suffix_in_any_case,
        address_that_never_ends,
        keys_that_begin_alike,
        keys_of_many_dots,
        arrays_in_arrays,
        many_alternatives,
    ],
)
def test_four_times_the_event_takes_about_four_times_as_long(work: Sizes) -> None:
    """In CPU time, the best of three. What grows with the square would take 16 times as long."""
    once, four_times = measure(work(1000)), measure(work(4000))

    assert four_times < max(TOO_SHORT, 9 * once)


def test_a_pattern_at_the_limit_is_compiled_in_a_moment() -> None:
    choices = {key: {"$or": [{f"f{n}": [{"wildcard": "*x" * 20}]} for n in range(10)]} for key in "abc"}
    others = {f"g{number}": [{"exists": False}] for number in range(100)}

    assert measure(lambda: EventPattern({**choices, **others})) < 2


def measure(work: Callable[[], Any]) -> float:
    seconds = []
    for _ in range(3):
        before = time.process_time()
        work()
        seconds.append(time.process_time() - before)
    return min(seconds)
