"""The pages of dead letters: what is there, what would become of it, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.harness.dispatching import configure
from tests.harness.receiving import hold_without_waiting, receive
from tests.harness.versions import needs_pages
from tests.unit.web.conftest import Person
from tests.unit.web.shown import Shown, show

pytestmark = needs_pages

from airflow_provider_hybrid.events.message import Message  # noqa: E402
from airflow_provider_hybrid.events.rejection import Rejection  # noqa: E402
from airflow_provider_hybrid.sqs.dead_letters.send import send_dead_letters  # noqa: E402

Counts = Callable[[str], tuple[int, int]]
Put = Callable[..., None]

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}"
ROUTE_ERROR = Rejection("RouteError", "route 'orders': no such field", ("orders",))
UNMATCHED = Rejection("Unmatched", "no route wants it")
HERE = {"sec-fetch-site": "same-origin"}
WANTED = '{"order": 7, "day": "2026-11-21"}'


@pytest.fixture(autouse=True)
def settings(
    monkeypatch: pytest.MonkeyPatch, queue_url: str, dead_letter_queue_url: str
) -> Callable[..., None]:
    """Configure the dispatcher that the user may read; moto needs no waiting."""
    hold_without_waiting(monkeypatch)
    route = {"name": "orders", "event_pattern": {"detail": {"order": [7]}}, "trigger_dag_id": "partner_a"}

    def write(**fields: Any) -> None:
        changes = {"routes": [route], "dead_letter_queue_url": dead_letter_queue_url, **fields}
        configure(monkeypatch, queue_url, **changes)

    write()
    return write


@pytest.fixture
def put(sqs: Any, dead_letter_queue_url: str) -> Put:
    """Put a dead letter there as a dispatcher does."""

    def send(name: str, rejection: Rejection, body: str = "{}") -> None:
        message = Message(name, body)
        assert send_dead_letters(sqs, dead_letter_queue_url, {message: rejection}, "scheduled__1") == {}

    return send


def redrive(browser: TestClient, *ids: str, **headers: str) -> Any:
    return browser.post("/redrive", data={"dispatcher": "orders", "id": list(ids)}, headers=headers or HERE)


def test_each_dead_letter_says_why_it_is_there_and_what_would_become_of_it(
    browser: TestClient, put: Put, counts: Counts, dead_letter_queue_url: str
) -> None:
    put("m-mended", ROUTE_ERROR, WANTED)
    put("m-lonely", UNMATCHED, '{"order": 8}')

    words = " ".join(show(browser, "/dead-letters").text.split())

    assert (
        "message m-mended RouteError ordersroute 'orders': no such field starts its runs partner_a orders__"
        in words
    )
    assert (
        "message m-lonely Unmatched no route wants it What to do: no route becomes a dead letter again"
        in words
    )
    assert counts(dead_letter_queue_url) == (2, 0), "as before"


def test_a_kind_can_be_chosen(browser: TestClient, put: Put) -> None:
    put("m-broken", ROUTE_ERROR)
    put("m-lonely", UNMATCHED)

    page = show(browser, "/dead-letters?error=Unmatched")

    assert "m-lonely" in page.text
    assert "m-broken" not in page.text
    assert (
        page.links["Plan to send all of this kind back"]
        == "redrive?dispatcher=orders&everything=1&error=Unmatched"
    )
    assert "m-broken" in show(browser, "/dead-letters?route=orders").text


def test_an_empty_queue_is_said_to_be_empty(browser: TestClient) -> None:
    assert "There is no dead letter." in show(browser, "/dead-letters").text


def test_a_queue_that_is_not_there_is_named(
    browser: TestClient, settings: Callable[..., None], queue_url: str
) -> None:
    settings(dead_letter_queue_url=f"{queue_url}-none")

    assert "partner-events-none" in show(browser, "/dead-letters").text


@pytest.mark.parametrize(
    "address",
    ["/dead-letters", "/redrive?dispatcher=orders&everything=1", "/dead-letter?dispatcher=orders&id=m-1"],
)
def test_what_a_dead_letter_holds_is_text(browser: TestClient, put: Put, address: str) -> None:
    put("m-1", Rejection("RouteError", HOSTILE, (HOSTILE,)), f'"{HOSTILE}"')

    page = show(browser, address)

    assert HOSTILE in page.text
    assert [attributes for tag, attributes in page.tags if tag == "script"] == [
        {"src": "links.js", "defer": None}
    ]
    assert "img" not in {tag for tag, _ in page.tags}


def test_the_plan_comes_first_and_sends_nothing(
    browser: TestClient, put: Put, counts: Counts, queue_url: str, dead_letter_queue_url: str
) -> None:
    put("m-mended", ROUTE_ERROR, WANTED)
    put("m-lonely", UNMATCHED)

    page = show(browser, "/redrive?dispatcher=orders&id=m-mended")

    assert "1 dead letter of orders would go back" in page.text
    assert "m-lonely" not in page.text
    assert "Send 1 back" in page.text
    assert (counts(queue_url), counts(dead_letter_queue_url)) == ((0, 0), (2, 0))


def test_the_act_sends_what_was_planned_and_no_other(
    browser: TestClient, put: Put, sqs: Any, counts: Counts, queue_url: str, dead_letter_queue_url: str
) -> None:
    put("m-mended", ROUTE_ERROR, WANTED)
    put("m-lonely", UNMATCHED)
    plan = show(browser, "/redrive?dispatcher=orders&error=RouteError")
    hidden = [attributes for tag, attributes in plan.tags if attributes.get("type") == "hidden"]
    put("m-later", ROUTE_ERROR, WANTED)

    answer = browser.post("/redrive", data={field["name"]: field["value"] for field in hidden}, headers=HERE)

    assert answer.status_code == 200
    assert "1 of 1 sent back to the queue of orders" in Shown(answer.text).text
    (message,) = receive(sqs, queue_url)
    assert (message.identity, message.body) == ("m-mended", WANTED)
    assert counts(dead_letter_queue_url) == (2, 0)


def test_the_act_may_be_repeated(browser: TestClient, put: Put, counts: Counts, queue_url: str) -> None:
    put("m-1", ROUTE_ERROR)
    redrive(browser, "m-1")

    again = redrive(browser, "m-1")

    assert "0 of 1 sent back" in again.text
    assert "it was sent back already" in again.text
    assert counts(queue_url) == (1, 0)


def test_the_audit_log_says_who_sent_what_back(browser: TestClient, put: Put) -> None:
    from airflow.models.log import Log
    from airflow.utils.session import create_session
    from sqlalchemy import select

    put("m-1", ROUTE_ERROR)
    redrive(browser, "m-1", **HERE)

    with create_session() as session:
        (row,) = session.execute(select(Log.event, Log.dag_id, Log.owner, Log.extra)).all()
    assert tuple(row) == ("hybrid_redrive", "orders", "ann", '{"messages": ["m-1"]}')


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"accept": "*/*"},
    ],
)
def test_a_request_from_elsewhere_sends_nothing(
    browser: TestClient, put: Put, counts: Counts, queue_url: str, headers: dict[str, str]
) -> None:
    put("m-1", ROUTE_ERROR)

    answer = redrive(browser, "m-1", **headers)

    assert answer.status_code == 403
    assert "does not come from a page of this Airflow" in answer.text
    assert counts(queue_url) == (0, 0)


@pytest.mark.parametrize("origin", ["http://testserver", "https://airflow.example:8080"])
def test_a_browser_that_names_the_origin_alone_may_send(
    browser: TestClient, put: Put, monkeypatch: pytest.MonkeyPatch, origin: str
) -> None:
    """A browser says where a request comes from over TLS only; a proxy may have another name than Airflow."""
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.example:8080/airflow")
    put("m-1", ROUTE_ERROR)

    assert "1 of 1 sent back" in redrive(browser, "m-1", origin=origin).text


def test_who_may_not_trigger_the_dispatcher_sees_the_plan_and_may_not_act(
    browser: TestClient, person: Person, put: Put, counts: Counts, queue_url: str
) -> None:
    put("m-1", ROUTE_ERROR)
    person.triggers = False

    plan = show(browser, "/redrive?dispatcher=orders&id=m-1")
    answer = redrive(browser, "m-1")

    assert "You may not trigger DAG orders" in plan.text
    assert "button" not in {tag for tag, _ in plan.tags}
    assert answer.status_code == 403
    assert counts(queue_url) == (0, 0)


def test_the_message_is_for_those_who_may_edit_the_dispatcher(
    browser: TestClient, person: Person, put: Put
) -> None:
    put("m-1", ROUTE_ERROR, '{"secret": "4711"}')
    address = "/dead-letter?dispatcher=orders&id=m-1"
    assert '{"secret": "4711"}' in show(browser, address).text
    person.edits = False

    answer = browser.get(address)

    assert answer.status_code == 403
    assert "4711" not in answer.text
    assert "4711" not in show(browser, "/dead-letters").text


def test_with_opaque_run_ids_only_those_who_may_edit_see_what_a_letter_is_about(
    browser: TestClient, person: Person, put: Put, settings: Callable[..., None]
) -> None:
    settings(run_ids="opaque")
    event = '{"source": "s", "detail-type": "t", "detail": {}, "resources": ["arn:hidden"]}'
    put("m-1", UNMATCHED, event)
    pages = ("/dead-letters", "/redrive?dispatcher=orders&everything=1")
    assert all("arn:hidden" in show(browser, page).text for page in pages)

    person.edits = False

    assert not any("arn:hidden" in show(browser, page).text for page in pages)


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/redrive?dispatcher=secret&everything=1"),
        ("GET", "/dead-letter?dispatcher=secret&id=m-1"),
        ("POST", "/redrive"),
    ],
)
def test_of_a_dispatcher_that_the_user_may_not_read_there_is_nothing(
    browser: TestClient, method: str, address: str
) -> None:
    data = {"dispatcher": "secret", "id": ["m-1"]} if method == "POST" else None

    assert browser.request(method, address, data=data, headers=HERE).status_code == 404


def test_whoever_chooses_nothing_is_told_so(browser: TestClient, put: Put) -> None:
    put("m-1", ROUTE_ERROR)

    for answer in (browser.get("/redrive?dispatcher=orders"), redrive(browser)):
        assert answer.status_code == 400
        assert "Nothing is chosen" in answer.text


def test_more_than_a_page_goes_back_page_by_page(
    browser: TestClient, put: Put, counts: Counts, queue_url: str
) -> None:
    for number in range(120):
        put(f"m-{number}", ROUTE_ERROR)

    sent = []
    address: str | None = "/redrive?dispatcher=orders&error=RouteError"
    while address:
        plan = show(browser, address)
        fields = [attributes for _, attributes in plan.tags if attributes.get("type") == "hidden"]
        data = {field["name"]: field["value"] for field in fields}
        ids = [field["value"] for field in fields if field["name"] == "id"]
        done = Shown(browser.post("/redrive", data={**data, "id": ids}, headers=HERE).text)
        sent.append(len(ids))
        following = done.links.get("Plan the next ones")
        address = f"/{following}" if following else None

    assert sent == [100, 20]
    assert counts(queue_url) == (120, 0)
