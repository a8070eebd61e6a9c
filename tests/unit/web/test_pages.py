"""The pages, as a browser gets them from the app, for somebody who is logged in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from fastapi.testclient import TestClient

from tests.harness.dispatching import configure
from tests.harness.metadata import Record, add, known_dag
from tests.harness.versions import needs_pages
from tests.unit.web.shown import show

pytestmark = needs_pages

from airflow_provider_hybrid.events.headline import Headline  # noqa: E402
from airflow_provider_hybrid.record.line import Line, RunLine  # noqa: E402
from airflow_provider_hybrid.routing.run_id import run_id  # noqa: E402
from airflow_provider_hybrid.view import routes as view_routes  # noqa: E402

NOW = datetime.now(tz=timezone.utc)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}&amp;"
RUN = RunLine("eu", "partner_a", "eu__in-a.csv__0", "e-0", "started")


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
    assert page.links["dead-letter queue"] == "dead-letters?dispatcher=orders"


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

    for address in ("/", "/events", "/events?dispatcher=secret", "/routes", "/waiting", "/dead-letters"):
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
    assert "It is paused: messages wait in the queue. airflow dags unpause lets it go on." in words
    assert ("code", {}) in page.tags
    assert "The last hour: 3 deliveries of messages" in words
    assert "does not exist. Create it" in words, "the Variable is missing, and the rest is shown all the same"
    assert page.links["started"] == "events?dispatcher=orders&outcome=started&span=1h"
    nothing = "events?dispatcher=orders&outcome=unmatched&outcome=rejected&span=1h"
    assert page.links["What started nothing, and why"] == nothing


def test_now_does_not_ask_for_what_started_nothing_where_all_started_a_run(
    browser: TestClient, record: Record
) -> None:
    record.write("orders", [line(0)], NOW)

    assert "What started nothing, and why" not in show(browser, "/").links


@pytest.mark.parametrize("address", ["/", "/events", "/routes"])
def test_each_page_has_a_field_that_searches_all_events(browser: TestClient, address: str) -> None:
    page = show(browser, address)

    assert ("form", {"method": "get", "action": "events"}) in page.tags
    assert "Search all events" in {attributes.get("aria-label") for _, attributes in page.tags}


def test_a_sentence_shows_code_as_code_and_the_rest_as_text() -> None:
    from airflow_provider_hybrid.web.rendering import with_code

    assert with_code("run `a <b>` or <i>") == "run <code>a &lt;b&gt;</code> or &lt;i&gt;"


def test_now_draws_the_last_hour(browser: TestClient, record: Record) -> None:
    """One of a hundred shows, too; and what is drawn is also said."""
    now = datetime.now(tz=timezone.utc)
    record.write("orders", [line(number) for number in range(99)], now - timedelta(minutes=1))
    record.write("orders", [line(99, "rejected")], now - timedelta(minutes=1))
    record.write("orders", [line(100)], now - timedelta(minutes=59))

    page = show(browser, "/")

    pieces = {
        (str(one["class"]), float(str(one["x"]))): float(str(one["height"]))
        for tag, one in page.tags
        if tag == "rect" and one["class"] != "column"
    }
    assert pieces == {("started", 0.1): 0.04, ("started", 29.1): 0.99, ("rejected", 29.1): 0.04}
    labels = [attributes["aria-label"] for tag, attributes in page.tags if tag == "svg"]
    assert labels == ["Deliveries by outcome, in parts of 2 minutes; at most 100 in one"]
    assert re.search(r"\d\d:\d\d to \d\d:\d\d: 99 started, 1 rejected", page.text)


def test_now_shows_what_is_expected(
    browser: TestClient, record: Record, monkeypatch: pytest.MonkeyPatch, queue_url: str
) -> None:
    from tests.harness.dispatching import configure

    route = {"name": "eu", "event_pattern": {"source": ["s"]}, "trigger_dag_id": "partner_a"}
    expect = [{"route": "eu", "by": "07:00", "timezone": "Europe/Paris"}]
    configure(monkeypatch, queue_url, routes=[route], expect=expect)

    words = " ".join(show(browser, "/").text.split())

    assert re.search(r"Expected .* eu eu 07:00 Europe/Paris 20\S+ \S+ unknown 20\S+ \S+ awaited", words)


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
    assert 'eu {"source": ["<b>"]} partner_a paused at once 1' in words
    assert 'us {"source": ["<b>"]} gone missing at once 0 -' in words
    assert "{{ event.detail.dag }} by event at once 0" in words


def test_routes_show_what_their_events_wait_for(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch, queue_url: str
) -> None:
    from tests.harness.dispatching import configure

    route = {"name": "eu", "event_pattern": {"source": ["aws.s3"]}, "trigger_dag_id": "partner_a"}
    windowed = {**route, "batch": {"max_events": 500, "window_seconds": 60}, "max_runs_per_minute": 30}
    configure(monkeypatch, queue_url, routes=[windowed, {**route, "name": "us", "delay_seconds": 90}])

    words = " ".join(show(browser, "/routes").text.split())

    assert "windows of 60 s, at most 500 events a run, at most 30 runs a minute" in words
    assert "90 s after the event" in words


def test_a_search_shows_the_runs_without_a_line(
    browser: TestClient, record: Record, monkeypatch: pytest.MonkeyPatch, queue_url: str
) -> None:
    from tests.harness.dispatching import configure

    wanted = {"event_pattern": {"source": ["aws.s3"]}}
    routes = [
        {"name": name, "trigger_dag_id": dag, **wanted} for name, dag in (("eu", "partner_a"), ("us", "b"))
    ]
    configure(monkeypatch, queue_url, routes=routes)
    lone = run_id("eu", "e-7", "in/lost.csv")
    ago = NOW - timedelta(minutes=6)
    for dag_id, made in (("partner_a", lone), ("b", run_id("us", "e-7", "in/lost.csv"))):
        add(DagRun(dag_id=dag_id, run_id=made, run_type="manual", state="failed", run_after=ago))

    page = show(browser, "/events?contains=s3://b/in/lost.csv")

    assert "No such message in this time" in page.text
    assert "These runs have no line in the record" in page.text
    assert f"failed partner_a {lone}" in " ".join(page.text.split())
    assert page.links[lone] == f"../dags/partner_a/runs/{lone}"
    assert "us__in-lost.csv" not in page.text, "the user may not read its DAG"
    assert "Runs without a line" not in show(browser, "/events?contains=found.csv").text


def test_routes_show_the_runs_without_a_line(
    browser: TestClient, record: Record, monkeypatch: pytest.MonkeyPatch, queue_url: str
) -> None:
    """But not those whose task may be about to write it."""
    from tests.harness.dispatching import configure

    now = datetime.now(tz=timezone.utc)
    route = {"name": "eu", "event_pattern": {"source": ["aws.s3"]}, "trigger_dag_id": "partner_a"}
    configure(monkeypatch, queue_url, routes=[route])
    made = {minutes: run_id("eu", f"e-{minutes}", "in/a.csv") for minutes in (1, 10, 20, 30, 60 * 25)}
    for minutes, one in made.items():
        ago = now - timedelta(minutes=minutes)
        add(DagRun(dag_id="partner_a", run_id=one, run_type="manual", state="success", run_after=ago))
    run = RunLine("eu", "partner_a", made[10], "e-10", "started")
    record.write("orders", [line(0, runs=(run,))], now - timedelta(minutes=10))

    record.write("orders", [line(1)], now - timedelta(minutes=25))

    def shown() -> list[int]:
        page = show(browser, "/routes").text
        return [minutes for minutes, one in made.items() if one in page]

    assert shown() == [20, 30]
    monkeypatch.setattr(view_routes, "SAMPLE", 2)
    assert shown() == [20], "older lines are not looked at, so older runs are not, either"


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

    for address in ("/", "/events", "/routes", "/waiting", "/dead-letters"):
        page = show(browser, address)
        assert not [tag for tag, attributes in page.tags if tag == "style" or "style" in attributes]


def test_a_broken_route_stands_on_the_page_now(
    browser: TestClient, queue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    route = {"name": "a", "event_pattern": {"source": ["a"]}, "trigger_dag_id": "a"}
    configure(monkeypatch, queue_url, routes=[route, {**route, "name": HOSTILE}])

    shown = show(browser, "/")

    assert "A route is broken, and the others go on. routes[1].name: is no name; write up to" in shown.text
    assert "script" not in [tag for tag, attributes in shown.tags if not attributes.get("src")]
