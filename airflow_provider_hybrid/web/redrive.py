"""Sending dead letters back: first the plan, then the act."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query
from fastapi.responses import HTMLResponse

from airflow_provider_hybrid.compat.installation import airflow_session
from airflow_provider_hybrid.compat.web import LoggedIn
from airflow_provider_hybrid.sqs.dead_letters.choice import Choice
from airflow_provider_hybrid.view.dead_letters import MEANINGS, DeadLetters
from airflow_provider_hybrid.web import audit
from airflow_provider_hybrid.web.access import Visible, from_our_page, variable_of
from airflow_provider_hybrid.web.dead_letters import MOST
from airflow_provider_hybrid.web.rendering import query, render

router = APIRouter()


@router.get("/redrive")
def plan(
    visible: Visible,
    person: LoggedIn,
    dispatcher: str,
    id: Annotated[list[str] | None, Query()] = None,  # noqa: A002
    error: str = "",
    route: str = "",
    everything: bool = False,
) -> HTMLResponse:
    """Show what would become of the chosen dead letters. Nothing is sent."""
    variable = variable_of(dispatcher, visible)
    choice = Choice(frozenset(id or ()), route or None, error or None)
    if choice == Choice() and not everything:
        raise HTTPException(400, "Nothing is chosen. Go back, and tick the dead letters that you mean")
    letters = DeadLetters(variable)
    found = letters.read(choice, MOST)
    return render(
        "redrive.html",
        page="dead-letters",
        dispatcher=dispatcher,
        found=found,
        names_subjects=letters.names_subjects or person.may_edit(dispatcher),
        fates=Counter(one.fate for one in found.planned),
        may_trigger=person.may_trigger(dispatcher),
        again=""
        if id
        else query(dispatcher=dispatcher, error=error, route=route, everything=everything or None),
        meanings=MEANINGS,
    )


@router.post("/redrive", dependencies=[from_our_page])
def act(
    visible: Visible,
    person: LoggedIn,
    dispatcher: Annotated[str, Form()],
    id: Annotated[list[str] | None, Form()] = None,  # noqa: A002
    again: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Send the dead letters of a plan back, and show the outcome for each."""
    variable = variable_of(dispatcher, visible)
    if not person.may_trigger(dispatcher):
        raise HTTPException(403, f"Only who may trigger DAG {dispatcher!r} may send its dead letters back")
    if not id:
        raise HTTPException(400, "Nothing is chosen. Go back to the plan")
    outcomes = DeadLetters(variable).redrive(Choice(frozenset(id)), len(id))
    sent = [one.message.identity for one in outcomes if one.done]
    with airflow_session() as session:
        audit.note(session, "hybrid_redrive", person, dispatcher, messages=sent)
    return render(
        "redriven.html",
        page="dead-letters",
        dispatcher=dispatcher,
        outcomes=outcomes,
        gone=sorted(set(id) - {one.message.identity for one in outcomes}),
        again=again,
    )
