"""Rendering a page: every value is text, whatever an event holds."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote, urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from airflow_provider_hybrid.documentation import page
from airflow_provider_hybrid.troubleshooting import PAGE, entries_for

A_MINUTE = 60
"""Seconds."""

_ENVIRONMENT = Environment(
    loader=PackageLoader("airflow_provider_hybrid.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, **values: Any) -> HTMLResponse:
    """Render a page.

    Args:
        template: Its file below ``templates``.
        values: What the template shows.
    """
    page = _ENVIRONMENT.get_template(template).render(**values)
    # Half a surrogate pair, which JSON may hold, has no form in UTF-8.
    return HTMLResponse(page.encode(errors="backslashreplace"))


def moment(seconds: float | None) -> str:
    """Write a time (seconds since 1970) as people read it, in UTC; empty for None."""
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def clock(seconds: float) -> str:
    """Write the time of day (of seconds since 1970), in UTC."""
    return datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%H:%M")


def duration(seconds: float | None) -> str:
    """Write a span of time; empty for None."""
    if seconds is None:
        return ""
    return f"{seconds:.2f} s" if seconds < A_MINUTE else f"{seconds / A_MINUTE:.0f} min"


def pretty(value: Any) -> str:
    """Write a JSON value over several lines."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def with_code(text: str) -> Markup:
    """Show what stands between backticks in a sentence as code."""
    return Markup(re.sub("`([^`]*)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped


def what_to_do(said: object) -> Markup:
    """Link to the entries of the documentation that explain a text; empty if there is none."""
    links = [
        Markup('<a href="{}" target="_blank" rel="noopener">{}</a>').format(
            page(PAGE, slug), slug.replace("-", " ")
        )
        for slug in entries_for(str(said))
    ]
    return (
        Markup('<span class="quiet">What to do: {}</span>').format(Markup(", ").join(links))
        if links
        else Markup()
    )


def dag_link(dag_id: str, run_id: str | None = None) -> str:
    """Return the address of a DAG, or of a run, in Airflow's UI, as seen from a page."""
    run = f"/runs/{quote(run_id, safe='')}" if run_id is not None else ""
    return f"../dags/{quote(dag_id, safe='')}{run}"


def query(**parameters: Any) -> str:
    """Return the query of an address, without parameters that are empty."""
    return urlencode({name: value for name, value in parameters.items() if value not in (None, "", [])}, True)


_ENVIRONMENT.filters |= {
    "moment": moment,
    "clock": clock,
    "duration": duration,
    "pretty": pretty,
    "with_code": with_code,
    "what_to_do": what_to_do,
}
_ENVIRONMENT.globals |= {"dag_link": dag_link, "query": query}
