"""Take pictures of the pages at the end of the demo: ``python -m tests.system.browser.picture``.

The README's is ``docs/images/events.png``. All pages, light, dark and narrow, are in ``.test/pictures``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.demo.play import console, play
from tests.harness.closing import closing_on_signals
from tests.harness.environment import PROJECT
from tests.harness.home import fresh_home
from tests.system.browser.chromium import chromium
from tests.system.browser.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.harness.airflow import Airflow

HOME = PROJECT / ".test" / "picture"
PICTURES = PROJECT / ".test" / "pictures"
README = PROJECT / "docs" / "images" / "events.png"

LOOKS = {"light": {}, "dark": {"dark": True}, "narrow": {"width": 420}}
"""How a visitor differs from one with a wide, light window."""


def main() -> None:
    """Play the demo, and take all pictures."""
    with closing_on_signals() as stack:
        stack.enter_context(fresh_home(HOME))
        airflow = play(stack, HOME).airflow
        browser = stack.enter_context(chromium())
        take_readmes(browser, airflow)
        for look in LOOKS:
            take_all(browser, airflow, look)
    console.print(f"The pictures are {README} and those in {PICTURES}")


def take_readmes(browser: Browser, airflow: Airflow) -> None:
    """Take the README's picture: the page *Events* within Airflow's UI, and what became of each upload."""
    README.parent.mkdir(parents=True, exist_ok=True)
    visitor = Visitor(browser, airflow)
    visitor.go_home()
    visitor.click(visitor.navigation)
    visitor.search("orders.csv")
    visitor.frame.locator("tbody a").first.wait_for()
    visitor.page.screenshot(path=README)
    visitor.close()


def take_all(browser: Browser, airflow: Airflow, look: str) -> None:
    """Take a picture of each page that the navigation above them has, and of the first event's."""
    visitor = Visitor(browser, airflow, **LOOKS[look])
    visitor.open("/hybrid/")
    links = visitor.page.locator("nav a").all()
    addresses = {link.inner_text(): link.get_attribute("href") for link in links}
    visitor.open("/hybrid/events")
    addresses["An event"] = visitor.page.locator("tbody a").first.get_attribute("href")
    for name, address in addresses.items():
        visitor.open(f"/hybrid/{address}")
        visitor.page.screenshot(path=PICTURES / f"{name} {look}.png", full_page=True)
    visitor.close()


if __name__ == "__main__":
    main()
