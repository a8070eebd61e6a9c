"""Windows: which one an event lies in, and when it ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_hybrid.routing.window import STEP, Window, window_of

MOMENTS = st.floats(1_600_000_000, 2_000_000_000)
LENGTHS = st.integers(1, 11 * 3600 // STEP).map(lambda steps: steps * STEP)
DELAYS = st.integers(0, 90_000)


@given(st.text(max_size=20), MOMENTS, LENGTHS, DELAYS)
def test_an_event_lies_in_its_window(key: str, sent_at: float, seconds: int, delay: int) -> None:
    window = window_of("files", key, sent_at, seconds, delay)

    assert window.begins <= sent_at < window.ends == window.begins + seconds


@given(MOMENTS, LENGTHS, DELAYS)
def test_windows_follow_each_other_without_a_gap(sent_at: float, seconds: int, delay: int) -> None:
    window = window_of("files", "a", sent_at, seconds, delay)

    assert window_of("files", "a", window.begins, seconds, delay) == window
    assert window_of("files", "a", window.ends, seconds, delay).begins == window.ends
    assert window_of("files", "a", window.begins - 1, seconds, delay).ends == window.begins


@given(st.text(max_size=20), MOMENTS, LENGTHS, DELAYS)
def test_runs_are_due_at_whole_steps_only(key: str, sent_at: float, seconds: int, delay: int) -> None:
    assert (window_of("files", key, sent_at, seconds, delay).ends + delay) % STEP == 0


def test_the_windows_of_different_keys_do_not_all_end_at_once() -> None:
    ends = [window_of("files", f"key-{number}", 1_800_000_000, 60).ends for number in range(600)]

    shares = [ends.count(end) for end in sorted(set(ends))]
    assert len(shares) == 60 // STEP
    assert max(shares) < 2 * 600 / len(shares)


def test_a_run_reads_its_window_in_utc() -> None:
    window = Window("orders", 1_800_000_000, 1_800_000_060)

    assert window.conf == {"from": "2027-01-15T08:00:00Z", "to": "2027-01-15T08:01:00Z", "key": "orders"}


def test_its_key_is_not_shown() -> None:
    assert "orders" not in repr(Window("orders", 1_800_000_000, 1_800_000_060))
