"""Each question takes two clicks at most, from Airflow's home page on."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.demo.world import DISPATCHER, LATE_DAY, make_world
from tests.harness.versions import HAS_ROLLUPS, RUNS_HAVE_NOTES, needs_pages
from tests.harness.wait import wait_until
from tests.system.browser.chromium import needs_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.demo.play import Play
    from tests.demo.world import Delivery
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
    expect(dispatcher.locator("div", has_text="to be received")).to_contain_text("0")
    expect(dispatcher.locator("div", has_text="dead letters")).to_contain_text(re.compile("[0-9]+"))
    assert visitor.clicks <= MOST


def test_which_partner_has_not_delivered_for_this_day(visitor: Visitor, lonely: Delivery) -> None:
    """Before Airflow 3.3 the final DAG has no partitions: the events of the day tell who was there."""
    visitor.click(visitor.navigation)
    if HAS_ROLLUPS:
        visitor.click(tab(visitor, "Waiting for partners"))
        day = visitor.frame.locator("tbody tr").filter(has_text=lonely.day)
        missing = day.locator("[data-label='has not delivered']")
        expect(missing).to_contain_text("partner_b")
        expect(missing).to_contain_text("partner_c")
        there = day.locator("[data-label='has delivered']")
    else:
        visitor.search(lonely.day)
        there = visitor.frame.locator("tbody tr")

    expect(there).to_have_count(1)
    expect(there).to_contain_text("partner_a")
    assert visitor.clicks <= MOST


def test_what_is_dead_and_what_would_happen_if_it_was_sent_back(visitor: Visitor, demo: Play) -> None:
    visitor.click(visitor.navigation)
    visitor.click(tab(visitor, "Dead letters"))

    letters = visitor.frame.locator("tbody tr")
    unwanted = letters.filter(has_text=demo.outcome.world.unwanted_uri)
    expect(unwanted).to_contain_text("Unmatched")
    expect(unwanted).to_contain_text("becomes a dead letter again")
    assert visitor.clicks <= MOST


def tab(visitor: Visitor, name: str) -> Locator:
    """Return the link to one of the pages, above all of them."""
    return visitor.frame.locator("nav").get_by_role("link", name=name)


@pytest.fixture(scope="module")
def lonely(demo: Play) -> Delivery:
    """One partner delivers a further day, and the others do not."""
    delivery = make_world((LATE_DAY + timedelta(days=2),)).deliveries[0]
    demo.cloud.upload(delivery.bucket, delivery.key, delivery.body)

    def has_run() -> bool:
        runs = demo.api.runs(delivery.dag_id)
        return any(run["conf"] == delivery.conf and run["state"] == "success" for run in runs)

    wait_until(has_run, 90, f"a run of {delivery.dag_id}", every=1)
    return delivery
