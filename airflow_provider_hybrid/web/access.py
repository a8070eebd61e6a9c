"""Who may do what: the dispatchers that a user may see, and whether a request comes from a page of ours."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request

from airflow_provider_hybrid.compat.web import ReadableDags, base_url
from airflow_provider_hybrid.view.dispatchers import dispatchers


def _visible(readable: ReadableDags) -> dict[str, str]:
    return {dag_id: variable for dag_id, variable in sorted(dispatchers().items()) if dag_id in readable}


Visible = Annotated[dict[str, str], Depends(_visible)]
"""The Variable of each dispatcher that the user may read, by DAG id. Of others a page shows nothing."""


def variable_of(dispatcher: str, visible: dict[str, str]) -> str:
    """Return a dispatcher's Variable.

    Raises:
        HTTPException: 404, if there is no such dispatcher, or if the user may not read it.
    """
    if dispatcher not in visible:
        raise HTTPException(404, "There is no such dispatcher, or you may not read it")
    return visible[dispatcher]


def _from_our_page(request: Request) -> None:
    site = request.headers.get("sec-fetch-site")
    # A browser that is not asked over TLS names the origin alone.
    origin = urlsplit(request.headers.get("origin", "")).netloc
    ours = {request.url.netloc, urlsplit(base_url()).netloc} - {""}
    if not (site == "same-origin" if site else origin in ours):
        raise HTTPException(
            403,
            "This request does not come from a page of this Airflow. Use the button on the page. If Airflow "
            "is behind a proxy, the proxy must pass the Host on, or [api] base_url must be Airflow's address",
        )


from_our_page = Depends(_from_our_page)
"""Refuses (403) a request that a page of another site made the browser send, with the log-in's cookie.

https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""
