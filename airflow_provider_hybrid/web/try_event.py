"""The page *Try an event*: what would happen to a message that somebody pastes, and why. Nothing is sent."""

from __future__ import annotations

import time
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from airflow_provider_hybrid.compat.web import ReadableDags
from airflow_provider_hybrid.events.written import read_messages
from airflow_provider_hybrid.exceptions import HybridError
from airflow_provider_hybrid.routing.explain import Explanation
from airflow_provider_hybrid.routing.room import Room
from airflow_provider_hybrid.sqs.limits import MAX_BYTES
from airflow_provider_hybrid.sqs.url import queue_name
from airflow_provider_hybrid.view.status import configuration_in
from airflow_provider_hybrid.web.access import Visible, from_our_page, variable_of
from airflow_provider_hybrid.web.rendering import render

MOST_MESSAGES = 10
"""The most messages that the page explains: SQS hands out no more at once."""

MOST_EVENTS = 20
"""The most events of a message that the page shows, and the most runs."""

LONGEST_FORM = 3 * MAX_BYTES + 10_000
"""The most bytes of the form: a browser writes a byte of the text as three, at worst."""

MOST_FIELDS = 2
"""The fields of the form."""

TOO_LONG = f"The text is longer than {MAX_BYTES:,} bytes, the most that a message may have. Paste one message"

router = APIRouter()


class TryError(HybridError):
    """The page does not explain what was pasted; says why, and what to do."""


async def _fields(request: Request) -> dict[str, str]:
    """Read the form, of which FastAPI would read any length.

    Raises:
        HTTPException: 413, if it is too long; 400, if it is another form.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            raise HTTPException(413, TOO_LONG)
    try:
        found = parse_qs(body.decode("ascii", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        raise HTTPException(400, "This is not the form of this page. Go back to it") from None
    return {name: values[0] for name, values in found.items()}


Fields = Annotated[dict[str, str], Depends(_fields)]
"""The fields of the form, without the empty ones."""


@router.get("/try")
def form(visible: Visible, dispatcher: str = "") -> HTMLResponse:
    """Show the form."""
    return _page(visible, dispatcher)


@router.post("/try", dependencies=[from_our_page])
def attempt(visible: Visible, readable: ReadableDags, fields: Fields) -> HTMLResponse:
    """Show what would become of the message. It goes nowhere, and nothing is stored."""
    dispatcher = fields.get("dispatcher", "")
    variable = variable_of(dispatcher, visible)
    # A browser ends each line of a text field with two characters.
    text = fields.get("message", "").replace("\r\n", "\n")
    if not text.strip():
        raise HTTPException(400, "There is no message. Go back, and paste one")
    if len(text.encode()) > MAX_BYTES:
        raise HTTPException(413, TOO_LONG)
    try:
        found, room = _explained(text, variable)
    except HybridError as error:
        return _page(visible, dispatcher, text, fault=str(error))
    fault = "" if found else "There is no message in it: `aws sqs receive-message` has received none."
    return _page(visible, dispatcher, text, found, room, readable, fault)


def _explained(text: str, variable: str) -> tuple[list[Explanation], Room]:
    """Explain messages with the functions that `hybrid explain` uses."""
    config, now = configuration_in(variable), time.time()
    messages = read_messages(text, queue_name(config.queue_url), now)
    if len(messages) > MOST_MESSAGES:
        raise TryError(f"These are {len(messages)} messages. Paste at most {MOST_MESSAGES}")
    return [config.explain(message, now) for message in messages], config.room({})


def _page(
    visible: dict[str, str],
    dispatcher: str,
    text: str = "",
    found: list[Explanation] | None = None,
    room: Room | None = None,
    readable: frozenset[str] | set[str] = frozenset(),
    fault: str = "",
) -> HTMLResponse:
    return render(
        "try_event.html",
        page="try",
        visible=visible,
        chosen=dispatcher,
        text=text,
        found=found or [],
        limits=room.limits if room else {},
        # A conf may hold constants of the Variable. Who may read a DAG sees the conf of its runs anyway.
        readable=readable,
        fault=fault,
        most_events=MOST_EVENTS,
    )
