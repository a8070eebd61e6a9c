"""Run ids that people can read, that Airflow takes, and that stay apart."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_hybrid.routing.run_id import is_run_id, run_id


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


@given(st.sampled_from(["eu", "eu__north", "eu_"]), st.text(), st.text())
def test_an_id_is_known_by_its_form(route: str, event_id: str, subject: str) -> None:
    made = run_id(route, event_id, subject)

    assert is_run_id(made, {"us", route})
    assert not is_run_id(made, {"us", "e"})


@pytest.mark.parametrize(
    "other",
    [
        "manual__2026-11-29T10:03:00+00:00",
        "eu",
        "eu__",
        "eu__in-a.csv",
        "eu__in-a.csv__94a236c13462d230815",
        "eu__in-a.csv__94a236c13462d230815Z",
        "eu__in-a.csv__94a236c13462d230815a__2",
        "94a236c13462d230815a",
    ],
)
def test_an_id_of_another_form_is_none(other: str) -> None:
    assert not is_run_id(other, {"eu"})
    assert is_run_id("eu__94a236c13462d230815a", {"eu"})
