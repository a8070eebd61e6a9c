"""Somebody who looks at Airflow's UI, and whose clicks are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.harness.airflow import USER

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator, Locator, Page

    from tests.harness.airflow import Airflow

PATIENCE = 60_000
"""Milliseconds until something that is expected must be there."""


class Visitor:
    """Somebody with a browser window in which Airflow's UI is open.

    ``clicks`` counts from the last visit of the home page on. ``troubles`` has what a page must never cause:
    a dialog, a request to somewhere else, something that the page's security policy refuses.
    """

    def __init__(self, browser: Browser, airflow: Airflow, *, dark: bool = False, width: int = 1280) -> None:
        """Open a window and log in.

        Args:
            browser: The browser.
            airflow: The installation.
            dark: Whether the person likes dark pages.
            width: The window's width in pixels.
        """
        self._airflow = airflow
        self.clicks = 0
        self.troubles: list[str] = []
        scheme = "dark" if dark else "light"
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        context.set_default_timeout(PATIENCE)
        # Airflow's own choice of colours, which follows the system otherwise.
        self.page: Page = context.new_page()
        self.page.on("dialog", lambda dialog: self._note(f"dialog: {dialog.message}", dialog.dismiss))
        self.page.on("console", lambda said: self._listen(said.text))
        self.page.on("request", lambda request: self._watch(request.url))
        self._log_in()

    @property
    def frame(self) -> FrameLocator:
        """The frame in which Airflow shows the package's pages."""
        return self.page.frame_locator("iframe")

    def go_home(self) -> None:
        """Open Airflow's home page, from which clicks are counted."""
        self.open("/")
        self.clicks = 0

    def open(self, path: str) -> None:
        """Open a page of Airflow by its address."""
        self.page.goto(self._airflow.base_url + path)

    def click(self, target: Locator) -> None:
        """Click once."""
        target.click()
        self.clicks += 1

    def search(self, field: Locator, text: str) -> None:
        """Type a text into a field, and press Enter."""
        field.fill(text)
        field.press("Enter")

    def close(self) -> None:
        """Close the window."""
        self.page.context.close()

    def _log_in(self) -> None:
        self.open("/")
        self.page.get_by_label("Username").fill(USER)
        self.page.get_by_label("Password").fill(self._airflow.password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self._airflow.base_url}/")

    def _note(self, trouble: str, and_then) -> None:
        self.troubles.append(trouble)
        and_then()

    def _listen(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.troubles.append(text)

    def _watch(self, url: str) -> None:
        target = urlsplit(url)
        if target.netloc and target.netloc != urlsplit(self._airflow.base_url).netloc:
            self.troubles.append(f"request to {url}")
