"""Links that lead out of the frame in which Airflow shows the pages."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from typing import TYPE_CHECKING

from tests.system.browser.chromium import needs_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytestmark = needs_chromium

SCRIPT = files("airflow_provider_hybrid.web").joinpath("static", "links.js").read_text()
SANDBOX = "allow-scripts allow-same-origin allow-forms allow-downloads"
"""What Airflow 3.3 allows in the frame: a link in it opens no window."""
PAGES = {
    "/": f'<iframe src="/page" sandbox="{SANDBOX}"></iframe>',
    "/page": (
        '<a href="/docs#entry" target="_blank" rel="noopener">What to do</a>'
        f'<a data-airflow href="/dag">DAG</a><script>{SCRIPT}</script>'
    ),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGES.get(self.path, self.path).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        return


@contextmanager
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_link_to_the_documentation_opens_a_window_of_its_own(browser: Browser) -> None:
    with site() as base_url, browser.new_context() as context:
        page = context.new_page()
        page.goto(base_url)
        with context.expect_page() as opened:
            page.frame_locator("iframe").get_by_role("link", name="What to do").click()

        opened.value.wait_for_url("**/docs#entry")
        assert page.url == f"{base_url}/"


def test_a_link_to_airflow_leads_out_of_the_frame(browser: Browser) -> None:
    with site() as base_url, browser.new_context() as context:
        page = context.new_page()
        page.goto(base_url)
        page.frame_locator("iframe").get_by_role("link", name="DAG").click()

        page.wait_for_url("**/dag")
