"""The note that a dispatcher writes for a run."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airflow_provider_hybrid.dispatch.note import default_note
from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.route import MAX_NOTE

LAUNCH = Launch("partner_a", "dag", "partner_a__x__0", {})


def test_it_says_which_upload_started_the_run_when_and_by_which_route() -> None:
    headline = Headline("e-1", "aws.s3", "Object Created", "s3://orders/in/a.csv", "2026-11-21T10:03:22Z")

    assert default_note(LAUNCH, headline, "scheduled__1") == (
        "`s3://orders/in/a.csv` (`Object Created`, `2026-11-21T10:03:22Z`) started this run by the route "
        "`partner_a`. Event: `e-1`. Dispatcher's run: `scheduled__1`."
    )


def test_an_event_without_a_subject_is_named_by_its_id() -> None:
    note = default_note(LAUNCH, Headline("e-1", "shop"), "scheduled__1")

    assert note == "`e-1` started this run by the route `partner_a`. Dispatcher's run: `scheduled__1`."


def test_of_a_batch_it_says_how_many_events() -> None:
    note = default_note(Launch("files", "dag", "x", {"events": [{}, {}, {}]}), None, "scheduled__1")

    assert note.startswith("3 events started this run by the route `files`. ")


@pytest.mark.parametrize("base_url", ["http://airflow/", "http://airflow"])
def test_it_begins_with_a_link_to_the_events_story(base_url: str) -> None:
    note = default_note(LAUNCH, Headline("a b)c", "shop"), "scheduled__1", base_url)

    assert note.startswith(
        "[The event's story](http://airflow/hybrid/events?contains=a+b%29c&span=90d): `a b)c` "
    )


@pytest.mark.parametrize("key", ["`](https://evil)<img src=x onerror=alert(1)>", "a\n# b", "``x``"])
def test_what_an_event_holds_is_code_on_one_line(key: str) -> None:
    note = default_note(LAUNCH, Headline("e-1", "aws.s3", subject=key), "scheduled__1")

    said, _, _ = note.removeprefix("`").partition("` started this run")
    assert "`" not in said
    assert "\n" not in note


@given(st.text(max_size=500), st.text(max_size=500), st.text(max_size=500))
@example("e" * 500, "s" * 500, "t" * 500)
def test_airflow_has_room_for_it(event_id: str, subject: str, detail_type: str) -> None:
    launch = Launch("r" * 100, "dag", "x", {})

    headline = Headline(event_id, "s", detail_type, subject, detail_type)
    note = default_note(launch, headline, "s" * 250, "http://airflow")

    assert len(note) <= MAX_NOTE
