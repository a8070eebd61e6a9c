"""What a sender writes is text in a real browser, too: nothing runs, nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.harness.versions import RUNS_HAVE_NOTES, needs_pages
from tests.harness.wait import wait_until
from tests.system.browser.chromium import needs_chromium
from tests.system.browser.hostile import MARK, TEXTS

if TYPE_CHECKING:
    from tests.demo.play import Play
    from tests.system.browser.visitor import Visitor

pytestmark = [needs_pages, needs_chromium]

DAY = "2026-11-24"


@pytest.fixture(scope="module")
def keys(demo: Play) -> list[str]:
    """Upload objects with hostile keys: some that no route wants, and one that starts a run."""
    upload = demo.outcome.world.deliveries[0]
    keys = [f"orders/{DAY}/{text}.csv" for text in TEXTS]
    for key in keys:
        demo.cloud.upload(demo.outcome.world.unwanted_bucket, key, b"")
    wanted = f"orders/{DAY}/{TEXTS[1]}{TEXTS[6]}.csv"
    demo.cloud.upload(upload.bucket, wanted, upload.body)
    wait_until(lambda: not demo.cloud.backlog(), 60, "the hostile uploads to be settled")
    return [*keys, wanted]


def unharmed(visitor: Visitor) -> bool:
    """Whether no script of a sender has run in any frame of the window, and nothing else happened."""
    set_ = [frame.evaluate(f"typeof window.{MARK}") for frame in visitor.page.frames]
    return set(set_) == {"undefined"} and visitor.troubles == []


def test_on_the_page_events_and_on_the_page_of_each(visitor: Visitor, keys: list[str]) -> None:
    visitor.click(visitor.navigation)
    for key in keys:
        visitor.search(key)
        expect(visitor.frame.get_by_label("Text", exact=True)).to_have_value(key)
        line = visitor.frame.locator("tbody tr").first
        expect(line).to_contain_text(key)
        assert unharmed(visitor)

        visitor.click(line.get_by_role("link").first)

        expect(visitor.frame.get_by_role("heading", name=key)).to_be_visible()
        assert unharmed(visitor)


def test_on_every_other_page(visitor: Visitor, keys: list[str]) -> None:
    visitor.click(visitor.navigation)
    tabs = visitor.frame.locator("nav a")
    expect(tabs.first).to_be_visible()
    for name in tabs.all_inner_texts():
        visitor.click(tabs.get_by_text(name, exact=True))
        expect(visitor.frame.locator("nav a[aria-current]")).to_have_text(name)
        assert unharmed(visitor)


@pytest.mark.skipif(not RUNS_HAVE_NOTES, reason="before Airflow 3.2 a task gives a run no note")
def test_in_the_note_of_the_run(visitor: Visitor, demo: Play, keys: list[str]) -> None:
    runs = demo.api.runs(demo.outcome.world.deliveries[0].dag_id)
    run = next(run for run in runs if run["conf"]["key"] == keys[-1])

    visitor.open(f"/dags/{run['dag_id']}/runs/{run['dag_run_id']}")

    expect(visitor.page.get_by_text(run["dag_run_id"]).first).to_be_visible()
    expect(visitor.page.locator("body")).to_contain_text(TEXTS[1][:20])
    assert unharmed(visitor)
