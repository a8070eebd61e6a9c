"""The app with the pages: server-rendered, without JavaScript, and only for those who are logged in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException as StarletteHTTPException

from airflow_provider_hybrid.compat.web import may_see_plugins
from airflow_provider_hybrid.exceptions import HybridError
from airflow_provider_hybrid.web import (
    again,
    dead_letters,
    event,
    events,
    now,
    redrive,
    routes,
    try_event,
    waiting,
)
from airflow_provider_hybrid.web.rendering import render

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Headers of every answer: nothing comes from elsewhere, and nothing in a page is executed."""


def create_app() -> FastAPI:
    """Make the app."""
    app = FastAPI(
        title="Events", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[may_see_plugins]
    )
    for page in (now, events, event, routes, try_event, waiting, dead_letters, redrive, again):
        app.include_router(page.router)
    for name, kind in (("style.css", "text/css"), ("links.js", "text/javascript")):
        app.add_api_route(f"/{name}", _file(name, kind))

    @app.exception_handler(HybridError)
    async def _trouble(_request: Request, error: HybridError) -> Response:
        return _page(503, str(error))

    @app.exception_handler(StarletteHTTPException)
    async def _refusal(_request: Request, error: StarletteHTTPException) -> Response:
        return _page(error.status_code, str(error.detail), error.headers)

    @app.middleware("http")
    async def _with_headers(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await answer(request)
        response.headers.update(HEADERS)
        return response

    return app


def _page(status: int, words: str, headers: Mapping[str, str] | None = None) -> Response:
    page = render("trouble.html", page="", status=status, words=words)
    page.status_code = status
    page.headers.update(headers or {})
    return page


def _file(name: str, kind: str) -> Callable[[], Response]:
    content = files(__package__).joinpath("static", name).read_text()

    def send() -> Response:
        return Response(content, media_type=kind)

    return send
