"""A run once more, from the page of its event."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.harness.metadata import Record, add
from tests.harness.versions import needs_pages
from tests.unit.web.conftest import Person
from tests.unit.web.shown import Shown, show

pytestmark = needs_pages

from airflow_provider_hybrid.record.line import Line, RunLine  # noqa: E402

NOW = datetime.now(tz=timezone.utc)
FIRST = {"dag_id": "partner_a", "run_id": "eu__in-a.csv__0"}
HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def story(browser: TestClient, record: Record) -> str:
    """The page of an event that has started a run."""
    from airflow.models.tasklog import LogTemplate
    from airflow.sdk import DAG

    from tests.harness.assets import parse

    # Airflow puts one there when it makes the tables; a new run names the last one.
    add(LogTemplate(filename="log", elasticsearch_id="log"))
    parse(DAG("partner_a", schedule=None))
    _store_run()
    run = RunLine("eu", FIRST["dag_id"], FIRST["run_id"], "e-0", "started")
    record.write("orders", [Line("m-0", "started", NOW.timestamp(), runs=(run,))], NOW)
    found = re.search(r'href="(event\?place=[^"]+)"', browser.get("/events").text)
    assert found
    return f"/{found[1]}"


def _store_run() -> None:
    from airflow.models.dagrun import DagRun

    add(DagRun(**FIRST, run_type="manual", state="success", conf={"key": "in/a.csv"}))


def runs() -> dict[str, Any]:
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        found = select(DagRun.run_id, DagRun.conf).where(DagRun.dag_id == "partner_a")
        return dict(session.execute(found).all())


def test_the_page_of_an_event_starts_its_run_once_more(browser: TestClient, story: str) -> None:
    fields = [attributes for _, attributes in show(browser, story).tags if attributes.get("type") == "hidden"]

    answer = browser.post("/again", data={field["name"]: field["value"] for field in fields}, headers=HERE)

    assert answer.status_code == 200, answer.text
    again = f"{FIRST['run_id']}~2"
    assert Shown(answer.text).links["partner_a"] == f"../dags/partner_a/runs/{again}"
    assert runs() == {FIRST["run_id"]: {"key": "in/a.csv"}, again: {"key": "in/a.csv"}}


def test_who_may_not_trigger_the_dag_has_no_button_and_starts_nothing(
    browser: TestClient, person: Person, story: str
) -> None:
    person.triggers = False

    page, answer = show(browser, story), browser.post("/again", data=FIRST, headers=HERE)

    assert "Once more" not in page.text
    assert answer.status_code == 403
    assert len(runs()) == 1


@pytest.mark.usefixtures("story")
def test_a_request_from_elsewhere_starts_nothing(browser: TestClient) -> None:
    assert browser.post("/again", data=FIRST, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert len(runs()) == 1


def test_a_run_that_is_not_there_cannot_be_repeated(browser: TestClient) -> None:
    answer = browser.post("/again", data={**FIRST, "run_id": "<gone>"}, headers=HERE)

    assert answer.status_code == 409
    assert "has no run &#39;&lt;gone&gt;&#39;. Nothing was started" in answer.text
