"""The note of a run whose route has none of its own."""

from __future__ import annotations

from urllib.parse import urlencode

from airflow_provider_hybrid.compat.task import PAGES
from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.route import MAX_NOTE

LONGEST = 250
"""The most characters of a subject or of a run id that a note shows. Airflow takes notes of 1,000."""

LONGEST_NAME = 80
"""The most characters of a further name that it shows."""


def default_note(
    launch: Launch, headline: Headline | None, dispatcher_run: str, base_url: str | None = None
) -> str:
    """Say which event started a run, by which route, and in which run of the dispatcher.

    Airflow shows notes as Markdown. So what an event holds stands as code, where it has no meaning. The
    page of a run shows a note's beginning, so the link comes first.

    Args:
        launch: The run.
        headline: The event that asked for it; None if there are several.
        dispatcher_run: The run id of the dispatcher.
        base_url: Airflow's address, for a link to the event's page; None where there are no pages.
    """
    if headline is None:
        what = f"{len(launch.conf.get('events', ()))} events"
    else:
        said = [headline.detail_type or "", headline.time or ""]
        particulars = ", ".join(_code(text, LONGEST_NAME) for text in said if text)
        what = _code(headline.subject or headline.id) + (f" ({particulars})" if particulars else "")
    event = f" Event: {_code(headline.id, LONGEST_NAME)}." if headline and headline.subject else ""
    note = (
        f"{what} started this run by the route {_code(launch.route)}.{event} "
        f"Dispatcher's run: {_code(dispatcher_run)}."
    )
    if headline is None or base_url is None:
        return note
    query = urlencode({"contains": headline.id, "span": "90d"})
    link = f"[The event's story]({base_url.rstrip('/')}{PAGES}/events?{query}): "
    return link + note if len(link + note) <= MAX_NOTE else note


def _code(text: str, longest: int = LONGEST) -> str:
    """Quote a text as code on one line; a long one keeps its end."""
    shown = text if len(text) <= longest else f"...{text[-longest:]}"
    printable = "".join(character if character.isprintable() else "?" for character in shown)
    return f"`{printable.replace('`', chr(39))}`"
