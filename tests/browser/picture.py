"""Take pictures of the pages at the end of the demo: ``python -m tests.browser.picture``.

The README's is ``docs/images/events.png``. All pages, light and dark, are in ``.test/pictures``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.chromium import chromium
from tests.browser.visitor import Visitor
from tests.demo.play import play
from tests.harness.closing import closing_on_signals
from tests.harness.environment import PROJECT
from tests.harness.home import fresh_home

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.harness.airflow import Airflow

PICTURES = PROJECT / ".test" / "pictures"
README = PROJECT / "docs" / "images" / "events.png"
NARROW = 420


def main() -> None:
    """Play the demo, and take all pictures."""
    with closing_on_signals() as stack:
        stack.enter_context(fresh_home(PROJECT / ".test" / "picture"))
        airflow = play(stack, PROJECT / ".test" / "picture").airflow
        browser = stack.enter_context(chromium())
        take_all(browser, airflow)


def take_all(browser: Browser, airflow: Airflow) -> None:
    """Take a picture of each page, light, dark and in a narrow window, and the README's."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    README.parent.mkdir(parents=True, exist_ok=True)
