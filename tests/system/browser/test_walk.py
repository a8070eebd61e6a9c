"""Each question takes two clicks at most, from Airflow's home page on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.demo.world import DISPATCHER
from tests.harness.versions import RUNS_HAVE_NOTES, needs_pages
from tests.system.browser.chromium import needs_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.demo.play import Play
    from tests.system.browser.visitor import Visitor

pytestmark = [needs_pages, needs_chromium]

MOST = 2
"""Clicks."""


def test_what_started_this_run_and_why(visitor: Visitor, demo: Play) -> None:
    """Somebody looks at the run. Its note leads to the event; without notes its id does."""
    upload = demo.outcome.world.deliveries[0]
    (run,) = demo.outcome.runs[upload.uri]
    if RUNS_HAVE_NOTES:
        visitor.open(f"/dags/{run['dag_id']}/runs/{run['dag_run_id']}")
        visitor.click_for_a_window(visitor.page.get_by_role("link", name="The event's story"))
        page: Locator = visitor.page.locator("body")
    else:
        visitor.click(visitor.navigation)
        visitor.search(run["dag_run_id"])
        page = visitor.frame.locator("body")
    visitor.click(page.locator("tbody a").first)

    expect(page.get_by_role("heading", name=upload.uri)).to_be_visible()
    expect(page.get_by_text("sent to the queue")).to_be_visible()
    expect(page.get_by_role("link", name=run["dag_run_id"])).to_be_visible()
    assert visitor.clicks <= MOST


def test_what_became_of_a_file(visitor: Visitor, demo: Play) -> None:
    upload = demo.outcome.world.deliveries[1]
    (run,) = demo.outcome.runs[upload.uri]

    visitor.click(visitor.navigation)
    visitor.search(upload.uri)
    visitor.click(visitor.frame.get_by_role("link", name=run["dag_run_id"]))

    expect(visitor.page.get_by_text(run["dag_run_id"]).first).to_be_visible()
    assert visitor.clicks <= MOST


def test_which_events_started_nothing_and_why(visitor: Visitor, demo: Play) -> None:
    visitor.click(visitor.navigation)
    dispatcher = visitor.frame.locator("section", has=visitor.frame.get_by_role("link", name=DISPATCHER))
    visitor.click(dispatcher.get_by_role("link", name="What started nothing, and why"))

    lines = visitor.frame.locator("tbody tr")
    expect(lines.filter(has_text=demo.outcome.world.unwanted_uri)).to_contain_text("no route wants")
    expect(lines.filter(has_text="rejected")).to_contain_text("the body is not JSON")
    expect(lines.filter(has=visitor.frame.locator(".started"))).to_have_count(0)
    assert visitor.clicks <= MOST


def test_is_the_dispatcher_well_and_how_far_behind_is_the_queue(visitor: Visitor, demo: Play) -> None:
    visitor.click(visitor.navigation)

    dispatcher = visitor.frame.locator("section", has=visitor.frame.get_by_role("link", name=DISPATCHER))
    expect(dispatcher.locator(".badge.well")).to_be_visible()
    expect(dispatcher.locator("div", has_text="waiting")).to_contain_text("0")
    expect(dispatcher.locator("div", has_text="dead letters")).to_contain_text(re.compile("[0-9]+"))
    assert visitor.clicks <= MOST


def test_which_partner_has_not_delivered_for_this_day(visitor: Visitor, demo: Play) -> None:
    visitor.click(visitor.navigation)
    open_tab(visitor, "Waiting for partners")

    assert visitor.clicks <= MOST


def test_what_is_dead_and_what_would_happen_if_it_was_sent_back(visitor: Visitor, demo: Play) -> None:
    visitor.click(visitor.navigation)
    open_tab(visitor, "Dead letters")

    expect(visitor.frame.locator("body")).to_contain_text(demo.outcome.world.unwanted_uri)
    assert visitor.clicks <= MOST


def open_tab(visitor: Visitor, name: str) -> None:
    """Open one of the pages by its name above all of them; skip the test as long as there is no such page."""
    expect(visitor.frame.locator("nav a").first).to_be_visible()
    tab = visitor.frame.locator("nav").get_by_role("link", name=name)
    if not tab.count():
        pytest.skip(f"there is no page {name!r} yet")
    visitor.click(tab)
