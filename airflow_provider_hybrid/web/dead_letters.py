"""The pages of dead letters: what is there and why, and each with its message."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from airflow_provider_hybrid.compat.web import LoggedIn
from airflow_provider_hybrid.exceptions import HybridError
from airflow_provider_hybrid.sqs.dead_letters.choice import Choice
from airflow_provider_hybrid.sqs.dead_letters.letter import ERROR_TYPES
from airflow_provider_hybrid.view.dead_letters import MEANINGS, DeadLetters
from airflow_provider_hybrid.web.access import Visible, variable_of
from airflow_provider_hybrid.web.rendering import render

MOST = 100
"""The most dead letters that a page shows."""

router = APIRouter()


@router.get("/dead-letters")
def dead_letters(
    visible: Visible, person: LoggedIn, dispatcher: str = "", error: str = "", route: str = ""
) -> HTMLResponse:
    """Show a dispatcher's dead letters, and what would become of each if it were sent back now."""
    chosen = dispatcher if dispatcher in visible else next(iter(visible), None)
    may_edit = chosen is not None and person.may_edit(chosen)
    found, fault, names_subjects = None, "", False
    if chosen is not None:
        try:
            letters = DeadLetters(visible[chosen])
            found = letters.read(Choice(route=route or None, error_type=error or None), MOST)
            names_subjects = may_edit or letters.names_subjects
        except HybridError as trouble:
            fault = str(trouble)
    return render(
        "dead_letters.html",
        page="dead-letters",
        visible=visible,
        chosen=chosen,
        found=found,
        fault=fault,
        names_subjects=names_subjects,
        may_edit=may_edit,
        filters={"error": error, "route": route},
        error_types=ERROR_TYPES,
        meanings=MEANINGS,
    )


@router.get("/dead-letter")
def dead_letter(visible: Visible, person: LoggedIn, dispatcher: str, id: str) -> HTMLResponse:  # noqa: A002
    """Show all of a dead letter, body included, to those who may edit the dispatcher."""
    variable = variable_of(dispatcher, visible)
    if not person.may_edit(dispatcher):
        raise HTTPException(403, f"Only who may edit DAG {dispatcher!r} may read a message")
    found = DeadLetters(variable).read(Choice(ids=frozenset({id})), 1)
    if not found.planned:
        raise HTTPException(404, "It is not in the dead-letter queue, or somebody else holds it just now")
    return render(
        "dead_letter.html",
        page="dead-letters",
        dispatcher=dispatcher,
        one=found.planned[0],
        meanings=MEANINGS,
    )
