"""The pages in a real API server: who gets in, and what they show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.demo.cloud import Cloud
from tests.harness.versions import needs_pages
from tests.harness.wait import wait_until
from tests.system.events import configuration, eventbridge, route, run_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi
    from tests.harness.ministack import MiniStack

pytestmark = needs_pages

PAGES = [
    "",
    "events",
    "routes",
    "try",
    "style.css",
    "links.js",
    "event?place=x",
    "dead-letters",
    "dead-letter?dispatcher=view&id=x",
    "redrive?dispatcher=view&everything=1",
]


@pytest.fixture(scope="module")
def cloud(api: AirflowApi, ministack: MiniStack, airflow: Airflow) -> Iterator[Cloud]:
    """A dispatcher that has got one event with a route, and one without."""
    cloud = Cloud(ministack, "view")
    api.set_variable("view", configuration(cloud, route("recorder", wanted=[True])))
    cloud.send(eventbridge("view-wanted", {"wanted": True, "number": 1}))
    cloud.send(eventbridge("view-unwanted", {"wanted": False, "number": 2}))
    api.unpause("view")
    wait_until(lambda: not cloud.backlog(), 60, "an empty queue")
    yield cloud
    api.pause("view")


@pytest.fixture
def browser(airflow: Airflow, api: AirflowApi) -> Iterator[httpx.Client]:
    """A browser in which somebody has logged in: Airflow's cookie is all that it sends."""
    with httpx.Client(base_url=f"{airflow.base_url}/hybrid/", trust_env=False, timeout=30) as client:
        client.cookies.set("_token", api.token)
        yield client


@pytest.mark.parametrize("page", PAGES)
def test_nobody_gets_in_without_a_log_in(airflow: Airflow, page: str) -> None:
    answer = httpx.get(f"{airflow.base_url}/hybrid/{page}", trust_env=False, timeout=30)

    assert answer.status_code == 401
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_navigation_has_it(api: AirflowApi) -> None:
    plugins = api.call("GET", "plugins").json()["plugins"]
    views = [view for plugin in plugins for view in plugin["external_views"]]

    assert {"name": "Events", "href": "/hybrid/", "destination": "nav"}.items() <= views[0].items()


def test_every_message_is_there_with_its_run_or_the_reason(cloud: Cloud, browser: httpx.Client) -> None:
    def lines() -> str:
        return browser.get("events?dispatcher=view").text

    wait_until(lambda: "view-wanted" in lines() and "view-unwanted" in lines(), 30, "both lines")

    assert f"../dags/recorder/runs/{run_of('recorder', 'view-wanted')}" in lines()
    assert "no route wants event" in lines()


def test_the_story_says_which_condition_failed(cloud: Cloud, browser: httpx.Client) -> None:
    page = browser.get("events?dispatcher=view&outcome=unmatched").text
    place = page.partition('href="event?')[2].partition('"')[0]

    story = browser.get(f"event?{place}").text

    assert "detail.wanted: wants [True]" in story
    assert "dead-letters?dispatcher=view" in story


def test_now_shows_the_queue(cloud: Cloud, browser: httpx.Client) -> None:
    page = browser.get("").text

    assert "view</a>" in page
    assert "The queue is not known" not in page.partition("view</a>")[2].partition("</section>")[0]


def test_a_dead_letter_goes_back_and_has_its_run(
    cloud: Cloud, browser: httpx.Client, api: AirflowApi
) -> None:
    assert "becomes a dead letter again" in browser.get("dead-letters?dispatcher=view").text
    api.set_variable("view", configuration(cloud, route("recorder")))
    here = {"Origin": str(browser.base_url.copy_with(path="/"))}
    run = run_of("recorder", "view-unwanted")

    def sent_back() -> bool:
        """Send it back; again, as long as the dispatcher has the routes of before."""
        plan = browser.get("redrive?dispatcher=view&error=Unmatched").text
        form = {"dispatcher": "view", "id": re.findall(r'name="id" value="([^"]+)"', plan)}
        assert browser.post("redrive", data=form).status_code == 403
        if form["id"]:
            assert "starts its runs" in plan
            assert "1 of 1 sent back" in browser.post("redrive", data=form, headers=here).text
        return run in {found["dag_run_id"] for found in api.runs("recorder")}

    wait_until(sent_back, 90, "its run")


def test_routes_are_there(cloud: Cloud, browser: httpx.Client) -> None:
    assert "recorder" in browser.get("routes").text
