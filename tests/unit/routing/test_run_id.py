"""Run ids that people can read, that Airflow takes, and that stay apart."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_hybrid.routing.run_id import run_id


@pytest.mark.parametrize(
    ("subject", "readable"),
    [
        ("orders/2026-11-21/orders.csv", "orders-2026-11-21-orders.csv"),
        ("données/été 1.csv", "donn-es-t-1.csv"),
        ("/a//b/", "a-b"),
        ("k" * 80 + "/the-end.csv", "k" * 68 + "-the-end.csv"),
    ],
)
def test_it_says_what_the_event_is_about(subject: str, readable: str) -> None:
    assert re.fullmatch(rf"partner_a__{readable}__[0-9a-f]{{20}}", run_id("partner_a", "17793124", subject))


@pytest.mark.parametrize("subject", ["", "/", "éà"])
def test_without_a_readable_subject_it_is_route_and_hash(subject: str) -> None:
    assert re.fullmatch("partner_a__[0-9a-f]{20}", run_id("partner_a", "17793124", subject))


@given(st.text(), st.text())
def test_any_id_and_subject_are_made_safe(event_id: str, subject: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_.~:+-]{1,250}", run_id("r" * 100, event_id, subject))


@given(st.text(), st.text(), st.text())
def test_different_events_have_different_runs(one: str, other: str, subject: str) -> None:
    assert (run_id("route", one, subject) == run_id("route", other, subject)) == (one == other)
