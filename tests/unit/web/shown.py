"""A page, as somebody sees it."""

from __future__ import annotations

from html.parser import HTMLParser

from fastapi.testclient import TestClient


class Shown(HTMLParser):
    """What a page shows: its text, its links, and the tags that it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.links: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._link: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._link = dict(attrs).get("href") if tag == "a" else self._link

    def handle_endtag(self, tag: str) -> None:
        self._link = None if tag == "a" else self._link

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._link is not None and data.strip():
            self.links.setdefault(data.strip(), self._link)


def show(browser: TestClient, address: str) -> Shown:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return Shown(answer.text)
