"""The page *Waiting for partners* in a real API server, of assets that real tasks deliver."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.harness.versions import needs_pages
from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.harness.airflow import Airflow
    from tests.harness.api import AirflowApi

pytestmark = needs_pages

DAY = "2026-11-21"


@pytest.fixture
def browser(airflow: Airflow, api: AirflowApi) -> Iterator[httpx.Client]:
    """A browser in which somebody has logged in."""
    with httpx.Client(base_url=f"{airflow.base_url}/hybrid/", trust_env=False, timeout=30) as client:
        client.cookies.set("_token", api.token)
        yield client


def test_it_needs_a_log_in(airflow: Airflow) -> None:
    answer = httpx.get(f"{airflow.base_url}/hybrid/waiting", trust_env=False, timeout=30)

    assert answer.status_code == 401


def test_who_has_not_delivered_is_named_until_it_delivers(api: AirflowApi, browser: httpx.Client) -> None:
    api.wait_for_dags("early", "late", "joined")
    for dag_id in ("early", "late", "joined"):
        api.unpause(dag_id)
    api.trigger("early", f"early__{DAY}", {"day": DAY})
    api.trigger("late", f"late__{DAY}", {})

    def shown() -> str:
        """Return the row of the DAG that waits; empty if it does not."""
        page = browser.get("waiting").raise_for_status().text
        return page.partition(">joined</a>")[2].partition("</tr>")[0]

    wait_until(lambda: "early_delivery" in shown() and ">failed<" in shown(), 60, "a partner that failed")
    missing, there = re.split(r"<td[^>]*>", shown())[-2:]
    assert "late_delivery" in missing
    assert f'href="../dags/late/runs/late__{DAY}"' in missing
    assert "early_delivery" in there
    assert f'href="../dags/early/runs/early__{DAY}"' in there

    api.trigger("late", f"late__{DAY}__again", {"day": DAY})

    wait_until(lambda: api.runs("joined"), 60, "the run that waited")
    assert shown() == ""
