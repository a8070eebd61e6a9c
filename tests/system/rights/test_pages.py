"""Who gets which page, and what of the dispatchers is on it."""

from __future__ import annotations

import re
from contextlib import ExitStack
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

import pytest

from tests.harness.environment import PROJECT
from tests.harness.home import fresh_home
from tests.harness.running import running
from tests.harness.versions import needs_pages
from tests.system.rights.fill import COUNTS
from tests.system.rights.people import STRANGER
from tests.system.rights.server import AuthManager, Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

pytestmark = needs_pages

needs_fab = pytest.mark.skipif(
    find_spec("airflow.providers.fab") is None, reason="`make test-rights` has an environment with FAB"
)

Sees = Literal["log in!", "forbidden"] | frozenset[str]
"""The dispatchers that a page shows, or why there is no page."""

OPEN = frozenset({"open_dispatcher"})
ALL = frozenset(COUNTS)

TABLE: dict[AuthManager, dict[str, Sees]] = {
    "simple": {
        STRANGER: "log in!",
        "guest": "forbidden",
        "viewer": ALL,
        "user": ALL,
        "op": ALL,
        "admin": ALL,
    },
    "fab": {
        STRANGER: "log in!",
        "guest": "forbidden",
        "reader": OPEN,
        "reader_without_plugins": "forbidden",
        "viewer": "forbidden",
        "user": "forbidden",
        "op": ALL,
        "admin": ALL,
    },
}
"""What each person sees. FAB's Viewer and User have no right to see plugins."""

MAY_TRIGGER = {"user", "op", "admin"}
"""Who may start a run of a dispatcher."""

REFUSED = {"log in!": 401, "forbidden": 403}

SHOWING_ALL = {"/", "/events", "/routes", "/try", "/dead-letters"}
"""Pages that show every dispatcher that somebody may read."""

EVERYBODY = [
    pytest.param(manager, person, id=f"{manager}-{person}", marks=[needs_fab] if manager == "fab" else [])
    for manager, people in TABLE.items()
    for person in people
]

for_everybody = pytest.mark.parametrize(("manager", "person"), EVERYBODY)


@pytest.fixture(scope="module")
def servers() -> Iterator[Callable[[AuthManager], Server]]:
    """Give the server of each auth manager, which starts when it is asked for first."""
    with ExitStack() as stack:

        @cache
        def server_of(manager: AuthManager) -> Server:
            home = stack.enter_context(fresh_home(PROJECT / ".test" / "rights" / manager))
            return stack.enter_context(running(Server(home / "airflow", manager)))

        yield server_of


@pytest.fixture
def server(servers: Callable[[AuthManager], Server], manager: AuthManager) -> Server:
    return servers(manager)


@pytest.fixture
def browser(server: Server, person: str) -> Iterator[httpx.Client]:
    with server.browser(person) as client:
        yield client


@pytest.fixture
def sees(manager: AuthManager, person: str) -> Sees:
    return TABLE[manager][person]


LINE = re.compile(r'href="(event\?place=[^"]+)"')
"""Where a page links to an event."""


def events_of(server: Server) -> dict[str, str]:
    """Return the address of an event of each dispatcher."""
    with server.browser("admin") as client:
        pages = {dag_id: client.get(f"/events?dispatcher={dag_id}").text for dag_id in COUNTS}
    return {dag_id: f"/{LINE.findall(page)[0]}" for dag_id, page in pages.items()}


def paths(method: str) -> list[str]:
    """Return the paths of the app that know a method. A parameter in one names nothing that exists."""
    from airflow_provider_hybrid.web.app import create_app

    return [re.sub("{.*?}", "x", route.path) for route in create_app().routes if method in route.methods]


def shown(answer: httpx.Response) -> Sees:
    for refusal, status in REFUSED.items():
        if answer.status_code == status:
            return refusal
    assert answer.status_code < 500, answer.text
    return frozenset(dag_id for dag_id in COUNTS if dag_id in answer.text)


@for_everybody
def test_no_path_shows_more_than_the_dispatchers_that_somebody_may_read(
    browser: httpx.Client, sees: Sees
) -> None:
    answers = {path: shown(browser.get(path)) for path in paths("GET")}

    assert answers.keys() > SHOWING_ALL
    assert {path: answers[path] for path in SHOWING_ALL} == dict.fromkeys(SHOWING_ALL, sees)
    if isinstance(sees, str):
        assert answers == dict.fromkeys(answers, sees)
    else:
        # A page may want a further right, as the one on assets does.
        pages = {path: found for path, found in answers.items() if not isinstance(found, str)}
        assert {path for path, found in pages.items() if not found <= sees} == set()


@for_everybody
def test_the_page_of_an_event_is_for_those_who_may_read_its_dispatcher(
    server: Server, browser: httpx.Client, sees: Sees
) -> None:
    answers = {dag_id: browser.get(address) for dag_id, address in events_of(server).items()}

    refused = {"log in!": 401, "forbidden": 403}
    assert {dag_id: answer.status_code for dag_id, answer in answers.items()} == {
        dag_id: refused[sees] if isinstance(sees, str) else 200 if dag_id in sees else 404
        for dag_id in COUNTS
    }


@for_everybody
def test_an_event_may_be_tried_by_those_who_may_read_the_dispatcher(
    server: Server, browser: httpx.Client, sees: Sees
) -> None:
    headers = {"Origin": server.base_url, "Sec-Fetch-Site": "same-origin"}
    answers = {
        dag_id: browser.post("/try", data={"dispatcher": dag_id, "message": "{}"}, headers=headers)
        for dag_id in COUNTS
    }

    assert {dag_id: answer.status_code for dag_id, answer in answers.items()} == {
        dag_id: REFUSED[sees] if isinstance(sees, str) else 200 if dag_id in sees else 404
        for dag_id in COUNTS
    }


@for_everybody
def test_no_page_counts_what_somebody_may_not_read(browser: httpx.Client, sees: Sees) -> None:
    counts = {dag_id: COUNTS[dag_id] for dag_id in COUNTS if dag_id in sees}

    now, lines = browser.get("/").text, browser.get("/events").text
    asked_for = {dag_id: browser.get(f"/events?dispatcher={dag_id}").text for dag_id in COUNTS}

    assert sorted(map(int, re.findall(r"The last hour: (\d+)", now))) == sorted(counts.values())
    assert len(LINE.findall(lines)) == sum(counts.values())
    assert {dag_id: len(LINE.findall(page)) for dag_id, page in asked_for.items()} == {
        **dict.fromkeys(COUNTS, 0),
        **counts,
    }


@for_everybody
def test_only_those_who_may_trigger_a_dispatcher_change_something(
    server: Server, browser: httpx.Client, person: str, sees: Sees
) -> None:
    """Each form is sent as a page sends it: from the same origin, for the dispatcher that is open."""
    headers = {"Origin": server.base_url, "Sec-Fetch-Site": "same-origin"}
    form = {"dispatcher": "open_dispatcher"}
    answers = {path: browser.post(path, data=form, headers=headers) for path in paths("POST")}

    statuses = {path: answer.status_code for path, answer in answers.items()}
    if isinstance(sees, str):
        assert statuses == dict.fromkeys(statuses, REFUSED[sees])
    elif person not in MAY_TRIGGER:
        assert {path: status for path, status in statuses.items() if not 400 <= status < 500} == {}
