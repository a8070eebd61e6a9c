"""The page *Waiting for partners*."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset
from fastapi.testclient import TestClient

from tests.harness.assets import deliver, parse, start
from tests.harness.versions import needs_pages

pytestmark = needs_pages

HOSTILE = "<script>alert(1)</script>\"'{{ 7 * 7 }}"
A, B, C = (Asset(name) for name in ("a_orders", "b_orders", "c_orders"))


@pytest.fixture
def final_dag(airflow_database: None) -> None:
    """A final DAG that waits for three partners, of which the user may not read one."""
    dags = {name: DAG(name, schedule=None) for name in ("partner_a", "partner_b", "secret")}
    for dag, asset in zip(dags.values(), (A, B, C), strict=True):
        EmptyOperator(task_id="publish", outlets=[asset], dag=dag)
    parse(*dags.values(), DAG("final", schedule=A & B & C), DAG("hidden", schedule=A & B))


@pytest.fixture
def client(airflow_database: None) -> Any:
    from airflow_provider_hybrid.compat import web
    from airflow_provider_hybrid.web.app import create_app

    app = create_app()
    app.dependency_overrides[web.may_see_plugins.dependency] = lambda: None
    app.dependency_overrides[web.may_see_assets.dependency] = lambda: None
    app.dependency_overrides[web._readable_dags] = lambda: {"final", "partner_a", "partner_b"}
    with TestClient(app) as client:
        yield client


def words(client: TestClient) -> str:
    from tests.unit.web.shown import Shown

    answer = client.get("/waiting")
    assert answer.status_code == 200, answer.text
    return " ".join(Shown(answer.text).text.split())


@pytest.mark.usefixtures("final_dag")
def test_it_says_who_has_not_delivered_with_a_link_to_the_run(client: TestClient) -> None:
    deliver("a_orders", by=("partner_a", "a__1"))
    start("partner_b", "b__1", "failed")

    shown = words(client)

    assert "final the next one since 20" in shown
    assert "b_orders partner_b, task publish newest run b__1 failed" in shown
    assert "c_orders a DAG that you may not read" in shown
    assert shown.index("c_orders") < shown.index("a_orders") < shown.index("a__1 success")
    assert "secret" not in shown
    assert "hidden" not in shown
    assert 'href="../dags/partner_b/runs/b__1"' in client.get("/waiting").text


@pytest.mark.usefixtures("final_dag")
def test_where_nobody_is_missing_it_says_so(client: TestClient) -> None:
    assert "No final DAG that you may read waits for a partner" in words(client)


def test_names_are_text(client: TestClient) -> None:
    parse(DAG("final", schedule=A & Asset(HOSTILE, uri="x-hostile://x")))
    deliver("a_orders")

    page = client.get("/waiting").text

    assert HOSTILE in words(client)
    assert "<script>alert" not in page


def test_it_is_closed_to_whoever_may_not_see_assets(client: TestClient) -> None:
    from fastapi import HTTPException

    from airflow_provider_hybrid.compat import web

    def refuse() -> None:
        raise HTTPException(403, "Forbidden")

    client.app.dependency_overrides[web.may_see_assets.dependency] = refuse  # type: ignore[attr-defined]

    assert client.get("/waiting").status_code == 403
    assert client.get("/events").status_code == 200
