"""The page *Waiting for partners*: final DAGs for which not all partners have delivered."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from airflow_provider_hybrid.compat.installation import airflow_session
from airflow_provider_hybrid.compat.partitions import HAS_PARTITIONS
from airflow_provider_hybrid.compat.web import ReadableDags, may_see_assets
from airflow_provider_hybrid.view.waiting import MOST, waiting_runs
from airflow_provider_hybrid.web.rendering import render

router = APIRouter(dependencies=[may_see_assets])


@router.get("/waiting")
def waiting(readable: ReadableDags) -> HTMLResponse:
    """Show who has not delivered, for each run that waits."""
    with airflow_session() as session:
        found = waiting_runs(session, readable)
    return render("waiting.html", page="waiting", found=found, most=MOST, has_partitions=HAS_PARTITIONS)
