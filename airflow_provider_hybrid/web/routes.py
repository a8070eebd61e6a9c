"""The page *Routes*: what each dispatcher's routes want, and whether their DAGs are there."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from airflow_provider_hybrid.compat.installation import airflow_session
from airflow_provider_hybrid.compat.web import ReadableDags
from airflow_provider_hybrid.view.routes import routes_of
from airflow_provider_hybrid.web.access import Visible
from airflow_provider_hybrid.web.rendering import render

router = APIRouter()


@router.get("/routes")
def routes(visible: Visible, readable: ReadableDags) -> HTMLResponse:
    """Show each route of each dispatcher."""
    with airflow_session() as session:
        found = {
            dag_id: routes_of(session, dag_id, variable, readable) for dag_id, variable in visible.items()
        }
    return render("routes.html", page="routes", dispatchers=found)
