"""The page *Events*: what became of each message, the newest first."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from airflow_provider_hybrid.compat.installation import airflow_session
from airflow_provider_hybrid.compat.web import ReadableDags
from airflow_provider_hybrid.record.line import OUTCOMES, Outcome
from airflow_provider_hybrid.record.read import Question, newest
from airflow_provider_hybrid.view.runs import states_of
from airflow_provider_hybrid.view.unrecorded import unrecorded_beside
from airflow_provider_hybrid.web.access import Visible
from airflow_provider_hybrid.web.places import place_in
from airflow_provider_hybrid.web.rendering import render

PAGE = 50
"""The lines of a page."""

SPANS = {
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "90d": timedelta(days=90),
}
"""The spans of time to choose from."""

router = APIRouter()


@router.get("/events")
def events(
    visible: Visible,
    readable: ReadableDags,
    dispatcher: str = "",
    outcome: Annotated[list[Outcome] | None, Query()] = None,
    route: str = "",
    contains: str = "",
    span: str = "1d",
    before: str = "",
) -> HTMLResponse:
    """Show the lines of the record that the filters ask for, and runs that should have one."""
    question = Question(
        set(visible) & ({dispatcher} if dispatcher else set(visible)),
        since=datetime.now(tz=timezone.utc) - SPANS.get(span, SPANS["1d"]),
        outcomes=tuple(outcome or OUTCOMES),
        route=route or None,
        contains=contains or None,
    )
    place = place_in(before) if before else None
    with airflow_session() as session:
        found = newest(session, question, PAGE + 1, place)
        shown = found[:PAGE]
        variables = [visible[dag_id] for dag_id in question.dag_ids or ()]
        lone = unrecorded_beside(
            session, question, shown, variables, readable, before=place, ended=len(found) <= PAGE
        )
        states = states_of(session, (run for entry in shown for run in entry.line.runs))
    filters = {"dispatcher": dispatcher, "outcome": outcome or [], "route": route, "contains": contains}
    return render(
        "events.html",
        page="events",
        entries=shown,
        states=states,
        lone=lone,
        older=str(shown[-1].place) if len(found) > PAGE else "",
        filters={**filters, "span": span},
        visible=visible,
        outcomes=OUTCOMES,
        spans=list(SPANS),
    )
