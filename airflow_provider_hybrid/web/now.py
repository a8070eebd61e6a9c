"""The page *Now*: each dispatcher, its queues, and its last hour."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from airflow_provider_hybrid.compat.installation import airflow_session
from airflow_provider_hybrid.view.expectations import ExpectationView, expectations_in
from airflow_provider_hybrid.view.status import Status, status_of
from airflow_provider_hybrid.web.access import Visible
from airflow_provider_hybrid.web.rendering import render

AT_ONCE = 8
"""The most dispatchers that are looked at side by side: each look waits for SQS."""

router = APIRouter()


@router.get("/")
def now(visible: Visible) -> HTMLResponse:
    """Show each dispatcher now."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = list(threads.map(_look, visible.items()))
    return render("now.html", page="now", dispatchers=found)


def _look(dispatcher: tuple[str, str]) -> tuple[Status, list[ExpectationView]]:
    with airflow_session() as session:
        return status_of(session, *dispatcher), expectations_in(session, dispatcher[1])
