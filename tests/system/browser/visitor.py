"""Somebody who looks at Airflow's UI, and whose clicks are counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.system.browser.chromium import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, FrameLocator, Locator, Page, Request

    from tests.harness.airflow import Airflow


class Visitor:
    """Somebody who has logged in to Airflow, with one window.

    ``clicks`` counts from the last visit of the home page on. ``troubles`` has what a page must never cause:
    a dialog, a request to somewhere else, something that the page's security policy refuses.
    """

    def __init__(self, browser: Browser, airflow: Airflow, *, dark: bool = False, width: int = 1280) -> None:
        """Open the window.

        Args:
            browser: The browser.
            airflow: The installation.
            dark: Whether the person likes dark pages.
            width: The window's width in pixels.
        """
        self.base_url = airflow.base_url
        self.clicks = 0
        self.troubles: list[str] = []
        scheme = "dark" if dark else "light"
        self._context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
        self._context.set_default_timeout(PATIENCE)
        self._context.add_cookies([{"name": "_token", "value": airflow.api().token, "url": self.base_url}])
        self._context.on("dialog", self._dismiss)
        self._context.on("console", self._listen)
        self._context.on("request", self._watch)
        self.page: Page = self._context.new_page()

    @property
    def frame(self) -> FrameLocator:
        """The frame in which Airflow shows the package's pages."""
        return self.page.frame_locator("iframe")

    @property
    def navigation(self) -> Locator:
        """The item of the pages in Airflow's navigation."""
        return self.page.get_by_role("link", name="Events", exact=True)

    def go_home(self) -> None:
        """Open Airflow's home page, from which clicks are counted."""
        self.open("/")
        self.clicks = 0

    def open(self, path: str) -> None:
        """Open a page of Airflow by its address."""
        self.page.goto(self.base_url + path)

    def click(self, target: Locator) -> None:
        """Click once."""
        target.click()
        self.clicks += 1

    def click_for_a_window(self, target: Locator) -> None:
        """Click once on what opens a further window, and go on there."""
        with self._context.expect_page() as opened:
            self.click(target)
        self.page = opened.value

    def search(self, text: str) -> None:
        """Type a text into the search field of the pages, and press Enter."""
        field = self.frame.get_by_label("Search all events")
        field.fill(text)
        field.press("Enter")

    def close(self) -> None:
        """Close the window."""
        self._context.close()

    def _dismiss(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _listen(self, said: ConsoleMessage) -> None:
        if re.search("content security policy", said.text, re.IGNORECASE):
            self.troubles.append(said.text)

    def _watch(self, request: Request) -> None:
        target = urlsplit(request.url)
        if target.netloc not in ("", urlsplit(self.base_url).netloc):
            self.troubles.append(f"request to {request.url}")
