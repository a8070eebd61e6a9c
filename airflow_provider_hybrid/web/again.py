"""Starting a run once more, because somebody wants it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import HTMLResponse

from airflow_provider_hybrid.again import Run, launch_again
from airflow_provider_hybrid.compat.installation import airflow_session
from airflow_provider_hybrid.compat.web import LoggedIn
from airflow_provider_hybrid.exceptions import LaunchError
from airflow_provider_hybrid.web import audit
from airflow_provider_hybrid.web.access import from_our_page
from airflow_provider_hybrid.web.rendering import render

router = APIRouter()


@router.post("/again", dependencies=[from_our_page])
def again(person: LoggedIn, dag_id: Annotated[str, Form()], run_id: Annotated[str, Form()]) -> HTMLResponse:
    """Start a run once more, under a new id that names the first."""
    if not person.may_trigger(dag_id):
        raise HTTPException(403, f"Only who may trigger DAG {dag_id!r} may start its runs once more")
    first = Run(dag_id, run_id)
    try:
        with airflow_session() as session:
            run = launch_again(session, first, f"{person.name}, on the page of the event", "ui")
            audit.note(session, "hybrid_again", person, dag_id, run.run_id, first=run_id)
    except LaunchError as error:
        raise HTTPException(409, str(error)) from None
    return render("again.html", page="events", run=run, first=first)
