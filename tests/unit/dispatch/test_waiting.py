"""What waits, over simulated queues: thousands of streams, with late and repeated messages and crashes.

`FUZZ_EXAMPLES=20000` before the command makes hypothesis try so many streams instead of some hundred.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import ceil
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.routing.waiting import GATHERING
from airflow_provider_hybrid.routing.window import ON_THE_WAY, window_of
from tests.harness.simulation import VISIBILITY, Sending, SimulatedDispatcher, SimulatedSqs, body_of

MAX_EVENTS = 4
WINDOW = 30
DELAY = 50
EXAMPLES = settings(max_examples=int(os.environ.get("FUZZ_EXAMPLES", "300")), deadline=None)

WINDOWED = {
    "name": "files",
    "event_pattern": {"source": ["shop"]},
    "trigger_dag_id": "files",
    "conf": {"event": "{{ event.detail.event }}"},
    "batch": {"max_events": MAX_EVENTS, "window_seconds": WINDOW, "key": "{{ event.detail.key }}"},
}
LONGER = {**WINDOWED, "name": "digest", "batch": {"max_events": MAX_EVENTS, "window_seconds": 2 * WINDOW}}
DELAYED = {
    "name": "audit",
    "event_pattern": {"source": ["shop"]},
    "trigger_dag_id": "audit",
    "conf": {"event": "{{ event.detail.event }}"},
    "delay_seconds": DELAY,
}


PACED = {key: value for key, value in DELAYED.items() if key != "delay_seconds"} | {"name": "calls"}


def config(*routes: dict[str, Any], **fields: Any) -> DispatcherConfig:
    document = {"queue_url": "https://sqs/1/events", "routes": list(routes), **fields}
    return parse_config(json.dumps(document))


@dataclass(frozen=True)
class Sent:
    """An event: when it is sent, for which key, and how long its message is on its way."""

    at: float
    key: str
    late: float = 0


def sent(late: st.SearchStrategy[float]) -> st.SearchStrategy[list[Sent]]:
    events = st.builds(Sent, st.floats(0, 100), st.sampled_from("abc"), late)
    return st.lists(events, min_size=1, max_size=40)


SOON = sent(st.floats(0, 1.9))
LATE = sent(st.floats(0, 90))
BURST = st.lists(st.builds(Sent, st.floats(0, 5), st.just("a")), min_size=20, max_size=60)


def play(dispatcher: SimulatedDispatcher, events: list[Sent], idle: list[float]) -> None:
    """Let a dispatcher work on a stream until the queue is empty; it is away for a while now and then."""
    begin = dispatcher.sqs.now
    dispatcher.play(
        [
            Sending(begin + event.at, f"m-{number}", body_of(f"e-{number}", event.key), event.late)
            for number, event in enumerate(events)
        ],
        idle,
    )


def runs_of(dispatcher: SimulatedDispatcher, route: str = "files") -> list[list[str]]:
    """Return the events of each run of a route."""
    confs = [launch.conf for launch in dispatcher.runs.values() if launch.route == route]
    return [[part["event"] for part in conf.get("events", [conf])] for conf in confs]


def times_in_a_run(dispatcher: SimulatedDispatcher, route: str = "files") -> Counter[str]:
    return Counter(event for run in runs_of(dispatcher, route) for event in run)


def windows(events: list[Sent], begin: float) -> dict[Any, list[str]]:
    """Return the events of each window."""
    found: dict[Any, list[str]] = defaultdict(list)
    for number, event in enumerate(events):
        window = window_of("files", event.key, _milliseconds(begin, event) / 1000, WINDOW)
        found[window].append(f"e-{number}")
    return found


def _milliseconds(begin: float, event: Sent) -> int:
    """Return when SQS says that an event was sent."""
    return int((begin + event.at) * 1000)


def dispatcher_of(seed: int, *routes: dict[str, Any], **queue: Any) -> SimulatedDispatcher:
    return SimulatedDispatcher(SimulatedSqs(seed, **queue), config(*routes))


@EXAMPLES
@given(SOON, st.integers(0, 1000))
def test_each_window_becomes_as_few_runs_as_possible_soon_after_its_end(
    events: list[Sent], seed: int
) -> None:
    dispatcher = dispatcher_of(seed, WINDOWED)
    begin = dispatcher.sqs.now

    play(dispatcher, events, [])

    expected = windows(events, begin)
    found: dict[Any, list[list[str]]] = defaultdict(list)
    for run_id, launch in dispatcher.runs.items():
        window = launch.conf["window"]
        found[window["key"], window["to"]].append([part["event"] for part in launch.conf["events"]])
        ends = next(each.ends for each in expected if each.conf == window)
        assert 0 < dispatcher.started_at[run_id] - ends < ON_THE_WAY + 1 + GATHERING + 1
    assert {(window.key, window.conf["to"]) for window in expected} == set(found)
    for window, its_events in expected.items():
        parts = found[window.key, window.conf["to"]]
        assert len(parts) == ceil(len(its_events) / MAX_EVENTS)
        assert Counter(event for part in parts for event in part) == Counter(its_events)
        for part in parts:
            times = [_milliseconds(begin, events[int(event.removeprefix("e-"))]) for event in part]
            assert times == sorted(times)
    assert max(stored.receives for stored in dispatcher.sqs.seen.values()) <= 2


def test_what_was_sent_just_before_the_end_may_be_on_its_way_for_two_seconds() -> None:
    dispatcher = dispatcher_of(0, WINDOWED)
    ends = window_of("files", "a", dispatcher.sqs.now, WINDOW).ends - dispatcher.sqs.now

    play(dispatcher, [Sent(0, "a"), Sent(ends - 0.1, "a", late=2)], [])

    assert len(dispatcher.runs) == 1


@EXAMPLES
@given(LATE, st.lists(st.floats(0, 200), max_size=5), st.integers(0, 1000))
def test_what_is_late_or_repeated_is_in_one_run_all_the_same(
    events: list[Sent], idle: list[float], seed: int
) -> None:
    dispatcher = dispatcher_of(seed, WINDOWED, repeats=0.2)

    play(dispatcher, events, idle)

    assert times_in_a_run(dispatcher) == {f"e-{number}": 1 for number in range(len(events))}
    for stored in dispatcher.sqs.seen.values():
        assert stored.receives - stored.repeats <= 2


@EXAMPLES
@given(LATE, st.sets(st.integers(1, 200), max_size=8), st.integers(0, 1000))
def test_a_crash_loses_nothing_and_repeats_only_what_was_launched_and_not_deleted(
    events: list[Sent], crashes: set[int], seed: int
) -> None:
    dispatcher = dispatcher_of(seed, WINDOWED)
    dispatcher.crashes = crashes

    play(dispatcher, events, [])

    times = times_in_a_run(dispatcher)
    assert times.keys() == {f"e-{number}" for number in range(len(events))}
    assert dispatcher.crashed_after_a_launch or set(times.values()) == {1}
    for stored in dispatcher.sqs.seen.values():
        assert stored.receives <= 2 + len(crashes)


@EXAMPLES
@given(LATE, st.sets(st.integers(1, 200), max_size=4), st.integers(0, 1000))
def test_a_route_with_a_delay_beside_one_with_a_window_changes_nothing_of_this(
    events: list[Sent], crashes: set[int], seed: int
) -> None:
    """The run with the delay starts on time; the shared one starts when both are due."""
    dispatcher = dispatcher_of(seed, WINDOWED, DELAYED)
    dispatcher.crashes = crashes
    begin = dispatcher.sqs.now

    play(dispatcher, events, [])

    every = {f"e-{number}": 1 for number in range(len(events))}
    assert times_in_a_run(dispatcher, "audit") == every
    assert dispatcher.crashed_after_a_launch or times_in_a_run(dispatcher) == every
    for run_id, launch in dispatcher.runs.items():
        if launch.route == "audit":
            event = events[int(launch.conf["event"].removeprefix("e-"))]
            waited = dispatcher.started_at[run_id] - begin - event.at
            assert waited > DELAY - 0.002, "SQS notes the time of sending in milliseconds"
            assert crashes or waited < max(DELAY, event.late) + 2 + GATHERING
    for stored in dispatcher.sqs.seen.values():
        assert stored.receives <= 3 + len(crashes)


@EXAMPLES
@given(LATE, st.integers(0, 1000))
def test_of_two_windows_of_an_event_neither_repeats_it(events: list[Sent], seed: int) -> None:
    dispatcher = dispatcher_of(seed, WINDOWED, LONGER)

    play(dispatcher, events, [])

    every = {f"e-{number}": 1 for number in range(len(events))}
    assert times_in_a_run(dispatcher) == times_in_a_run(dispatcher, "digest") == every
    assert max(stored.receives for stored in dispatcher.sqs.seen.values()) <= 2


@EXAMPLES
@given(st.integers(1, 13 * 24 * 3600), st.integers(0, 1000))
def test_a_delay_beyond_what_sqs_allows_is_waited_for_in_steps(delay: int, seed: int) -> None:
    dispatcher = dispatcher_of(seed, {**DELAYED, "delay_seconds": delay})
    begin = dispatcher.sqs.now

    play(dispatcher, [Sent(0, "a")], [])

    ((started_at),) = dispatcher.started_at.values()
    assert delay <= started_at - begin < delay + 2
    (stored,) = dispatcher.sqs.seen.values()
    assert stored.receives == 1 + ceil(delay / (12 * 3600 - 60))


@EXAMPLES
@given(LATE | BURST, st.integers(5, 60), st.sets(st.integers(1, 200), max_size=3), st.integers(0, 1000))
def test_no_minute_has_more_runs_than_a_route_may_start(
    events: list[Sent], rate: int, crashes: set[int], seed: int
) -> None:
    """But for those of five seconds, and one more; and none waits for longer than all of them take."""
    dispatcher = dispatcher_of(seed, {**PACED, "max_runs_per_minute": rate})
    dispatcher.crashes = crashes
    begin = dispatcher.sqs.now

    play(dispatcher, events, [])

    assert times_in_a_run(dispatcher, "calls") == {f"e-{number}": 1 for number in range(len(events))}
    starts = sorted(dispatcher.started_at.values())
    for first in starts:
        assert sum(first <= start < first + 60 for start in starts) <= rate + rate / 12 + 1
    last = max(event.at + event.late for event in events)
    assert starts[-1] - begin < last + 60 * len(events) / rate + 15 + 2 * VISIBILITY * len(crashes)
    for stored in dispatcher.sqs.seen.values():
        assert stored.receives <= 3 + len(crashes)


@EXAMPLES
@given(SOON, st.integers(1, 30), st.integers(0, 1000))
def test_a_pace_counts_the_runs_that_events_share(events: list[Sent], rate: int, seed: int) -> None:
    dispatcher = dispatcher_of(seed, {**WINDOWED, "max_runs_per_minute": rate})

    play(dispatcher, events, [])

    assert times_in_a_run(dispatcher) == {f"e-{number}": 1 for number in range(len(events))}
    starts = sorted(dispatcher.started_at.values())
    for first in starts:
        assert sum(first <= start < first + 60 for start in starts) <= rate + rate / 12 + 1


def test_turns_beyond_what_sqs_allows_leave_no_time_unused() -> None:
    dispatcher = dispatcher_of(0, {**PACED, "max_runs_per_minute": 1})
    begin, minutes = dispatcher.sqs.now, 800

    play(dispatcher, [Sent(0, "a")] * minutes, [])

    assert len(dispatcher.runs) == minutes
    assert max(dispatcher.started_at.values()) - begin < (minutes + 2) * 60
    assert max(stored.receives for stored in dispatcher.sqs.seen.values()) <= 3


def test_the_simulated_queue_hides_what_it_hands_out() -> None:
    sqs = SimulatedSqs()
    sqs.send(Sending(sqs.now, "m-1", "{}"))

    assert len(sqs.receive(10)) == 1
    assert sqs.receive(10) == []
    sqs.now += VISIBILITY
    assert len(sqs.receive(10)) == 1
