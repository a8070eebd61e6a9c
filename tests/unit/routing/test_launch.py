"""Run ids that Airflow takes and that stay apart."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_hybrid.routing.launch import run_id


def test_a_safe_id_is_readable() -> None:
    assert run_id("partner_a", "17793124-05d4-b198") == "partner_a__17793124-05d4-b198"


@given(st.text())
def test_any_id_is_made_safe(event_id: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_.~:+-]{1,250}", run_id("r" * 100, event_id))


@given(st.text(), st.text())
def test_different_events_have_different_runs(one: str, other: str) -> None:
    assert (run_id("route", one) == run_id("route", other)) == (one == other)


def test_long_ids_stay_apart() -> None:
    assert run_id("route", "x" * 300 + "1") != run_id("route", "x" * 300 + "2")
