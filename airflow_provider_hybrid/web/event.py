"""The page of one event: its whole story, delivery by delivery."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from airflow_provider_hybrid.compat.installation import airflow_session
from airflow_provider_hybrid.compat.web import LoggedIn
from airflow_provider_hybrid.record.read import Question, entry_at, newest
from airflow_provider_hybrid.view.runs import states_of
from airflow_provider_hybrid.web.access import Visible
from airflow_provider_hybrid.web.places import place_in
from airflow_provider_hybrid.web.rendering import render

MOST = 100
"""The most deliveries that the page shows."""

LIFE = timedelta(days=14)
"""The longest that SQS keeps a message: `MessageRetentionPeriod`."""

router = APIRouter()


@router.get("/event")
def event(visible: Visible, person: LoggedIn, place: str) -> HTMLResponse:
    """Show what became of a message, and of its other deliveries."""
    with airflow_session() as session:
        entry = entry_at(session, place_in(place))
        if entry is None or entry.dag_id not in visible:
            raise HTTPException(
                404, "There is no such line in the record, or you may not read its dispatcher"
            )
        line = entry.line
        sent = datetime.fromtimestamp(line.sent_at or line.settled_at, tz=timezone.utc)
        around = Question(
            {entry.dag_id}, since=sent - timedelta(seconds=1), until=sent + LIFE, contains=line.message_id
        )
        story = [other for other in newest(session, around, MOST) if other.line.message_id == line.message_id]
        states = states_of(session, (run for other in story for run in other.line.runs))
    repeatable = [run for run in sorted(states) if person.may_trigger(run[0])]
    return render(
        "event.html", page="events", entry=entry, story=story[::-1], states=states, repeatable=repeatable
    )
