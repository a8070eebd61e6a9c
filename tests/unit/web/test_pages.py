"""The pages, as a browser gets them from the app, for somebody who is logged in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.harness.dispatching import configure
from tests.harness.metadata import Record, add, known_dag
from tests.harness.versions import needs_pages

pytestmark = needs_pages

from airflow_provider_hybrid.events.headline import Headline  # noqa: E402
from airflow_provider_hybrid.record.line import Line, RunLine  # noqa: E402

NOW = datetime.now(tz=timezone.utc)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}&amp;"
RUN = RunLine("eu", "partner_a", "eu__in-a.csv__0", "e-0", "started")


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


@pytest.fixture
def record(airflow_database: None, monkeypatch: pytest.MonkeyPatch) -> Record:
    """Two dispatchers, of which the user may read one."""
    from airflow_provider_hybrid.web import access

    known = {"orders": "hybrid_dispatcher", "secret": "secret"}
    monkeypatch.setattr(access, "dispatchers", lambda: known)
    add(*(known_dag(dag_id, is_paused=True) for dag_id in known))
    return Record(*known)


@pytest.fixture
def browser(record: Record) -> Iterator[TestClient]:
    from airflow_provider_hybrid.compat import web
    from airflow_provider_hybrid.web.app import create_app

    app = create_app()
    app.dependency_overrides[web.may_see_plugins.dependency] = lambda: None
    app.dependency_overrides[web._readable_dags] = lambda: {"orders", "partner_a"}
    with TestClient(app) as client:
        yield client


def show(browser: TestClient, address: str) -> Shown:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return Shown(answer.text)


def line(number: int, outcome: Any = "started", **fields: Any) -> Line:
    return Line(f"m-{number}", outcome, NOW.timestamp(), NOW.timestamp() - 2, NOW.timestamp() - 1, **fields)


def test_events_lead_to_their_runs_or_say_why_there_are_none(browser: TestClient, record: Record) -> None:
    upload = Headline("e-0", "aws.s3", subject="s3://b/in/a.csv")
    record.write("orders", [line(0, events=(upload,), runs=(RUN,))], NOW)
    record.write("orders", [line(1, "unmatched", reason="no route wants it", dead_lettered=True)], NOW)

    page = show(browser, "/events")

    assert "s3://b/in/a.csv" in page.text
    assert page.links["partner_a"] == "../dags/partner_a/runs/eu__in-a.csv__0"
    assert "no route wants it" in page.text
    assert "hybrid dead-letters show m-1" in page.text


@pytest.mark.parametrize("address", ["/events", "/event?place={place}"])
def test_what_an_event_holds_is_text(browser: TestClient, record: Record, address: str) -> None:
    event = Headline(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    run = RunLine("eu", "partner_a", HOSTILE, HOSTILE, "started")
    record.write("orders", [line(0, "rejected", reason=HOSTILE, events=(event,), runs=(run,))], NOW)

    page = show(browser, address.format(place=place_of_the_first(browser)))

    assert HOSTILE in page.text
    scripts = [attributes for tag, attributes in page.tags if tag == "script"]
    assert scripts == [{"src": "links.js", "defer": None}]
    assert "img" not in {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]


def place_of_the_first(browser: TestClient) -> str:
    found = re.search(r'href="event\?place=([^"]+)"', browser.get("/events").text)
    assert found
    return found[1]


def test_of_a_dispatcher_that_the_user_may_not_read_nothing_is_shown(
    browser: TestClient, record: Record
) -> None:
    record.write("secret", [line(0, events=(Headline("e", "s", subject="hidden"),))], NOW)

    for address in ("/", "/events", "/events?dispatcher=secret", "/routes"):
        page = browser.get(address).text
        assert "hidden" not in page
        assert "secret" not in page.replace('value="secret"', "")


def test_an_event_of_such_a_dispatcher_is_not_found(browser: TestClient, record: Record) -> None:
    record.write("orders", [line(0)], NOW)
    place = place_of_the_first(browser)
    record.write("secret", [line(1)], NOW)
    hers = place.replace("~1~", "~2~", 1)

    assert browser.get(f"/event?place={place}").status_code == 200
    assert browser.get(f"/event?place={hers}").status_code == 404


KEY = "hybrid_record_started_2026-11-29T00:00:00.000000_1"


@pytest.mark.parametrize(
    "address",
    [
        "/event?place=x",
        "/events?before=x",
        "/event?place=a~b~c~d~e",
        "/event?place=return_value_1~1~-1~1~listen",
        f"/event?place={KEY}~{10**12}~-1~1~listen",
    ],
)
def test_a_place_that_is_none_is_refused(browser: TestClient, address: str) -> None:
    answer = browser.get(address)

    assert answer.status_code == 400
    assert "no place in the record" in answer.text


def test_a_place_where_nothing_stands_is_not_found(browser: TestClient) -> None:
    assert browser.get(f"/event?place={KEY}~7~-1~1~listen").status_code == 404


def test_a_page_leads_to_the_older_ones(browser: TestClient, record: Record) -> None:
    for number in range(120):
        record.write("orders", [line(number)], NOW - timedelta(seconds=number))

    seen: list[str] = []
    address: str | None = "/events?span=7d&outcome=started"
    while address:
        page = show(browser, address)
        seen += re.findall(r"message (m-\d+)", page.text)
        older = page.links.get("Older")
        address = f"/{older}" if older else None

    assert seen == [f"m-{number}" for number in range(120)]


def test_filters_stay_in_the_form(browser: TestClient, record: Record) -> None:
    page = show(browser, "/events?contains=%22x&outcome=waiting&span=7d&dispatcher=orders&route=eu")

    values = [attributes for tag, attributes in page.tags if tag in {"input", "option"}]
    assert {
        "type": "search",
        "name": "contains",
        "value": '"x',
        "placeholder": "part of a key, an id, a run id",
    } in values
    assert [v["value"] for v in values if "checked" in v] == ["waiting"]
    assert sum("selected" in v for v in values) == 2


def test_the_story_of_a_message_has_each_of_its_deliveries(browser: TestClient, record: Record) -> None:
    record.write("orders", [line(0, "waiting", reason="DAG 'x' does not start")], NOW - timedelta(seconds=1))
    record.write("orders", [line(0, runs=(RUN,)), line(10)], NOW)

    page = show(browser, f"/event?place={place_of_the_first(browser)}")

    words = " ".join(page.text.split())
    assert re.search(r"sent to the queue .* waiting by listen .* does not start .* started by listen", words)
    assert "m-10" not in page.text


def test_now_shows_each_dispatcher_and_its_last_hour(browser: TestClient, record: Record) -> None:
    record.write("orders", [line(0), line(1), line(2, "rejected")], NOW)

    page = show(browser, "/")

    words = " ".join(page.text.split())
    assert "It is paused: messages wait in the queue" in words
    assert "The last hour: 3 messages" in words
    assert "does not exist. Create it" in words, "the Variable is missing, and the rest is shown all the same"
    assert page.links["started"] == "events?dispatcher=orders&outcome=started&span=1h"


def test_routes_show_whether_their_dags_are_there(
    browser: TestClient, record: Record, monkeypatch: pytest.MonkeyPatch, queue_url: str
) -> None:
    from tests.harness.dispatching import configure

    add(known_dag("partner_a", is_paused=True))
    pattern = {"source": ["<b>"]}
    names = {"eu": "partner_a", "us": "gone", "any": "{{ event.detail.dag }}"}
    routes = [{"name": name, "event_pattern": pattern, "trigger_dag_id": dag} for name, dag in names.items()]
    configure(monkeypatch, queue_url, routes=routes)
    record.write("orders", [line(0, runs=(RUN,))], NOW)

    page = show(browser, "/routes")

    words = " ".join(page.text.split())
    assert 'eu {"source": ["<b>"]} partner_a paused 1' in words
    assert 'us {"source": ["<b>"]} gone missing 0 -' in words
    assert "{{ event.detail.dag }} by event 0" in words


@pytest.mark.parametrize("address", ["/", "/events", "/routes", "/style.css", "/links.js", "/event?place=x"])
def test_every_answer_forbids_what_comes_from_elsewhere(browser: TestClient, address: str) -> None:
    headers = browser.get(address).headers

    assert headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'self'; script-src 'self'"
    )
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_nothing_is_written_in_a_page_that_the_browser_would_have_to_execute(
    browser: TestClient, record: Record
) -> None:
    """The policy would refuse it, and the page would look broken."""
    record.write("orders", [line(0)], NOW)

    for address in ("/", "/events", "/routes"):
        page = show(browser, address)
        assert not [tag for tag, attributes in page.tags if tag == "style" or "style" in attributes]


def test_a_broken_route_stands_on_the_page_now(
    browser: TestClient, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    route = {"name": "a", "event_pattern": {"source": ["a"]}, "trigger_dag_id": "a"}
    configure(monkeypatch, queue_url, routes=[route, {**route, "name": HOSTILE}])

    shown = show(browser, "/")

    assert "A route is broken, and the others go on. routes[1].name: String should match" in shown.text
    assert "script" not in [tag for tag, attributes in shown.tags if not attributes.get("src")]
