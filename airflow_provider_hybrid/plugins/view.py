"""The item "Events" in Airflow's navigation."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from airflow.plugins_manager import AirflowPlugin

from airflow_provider_hybrid.compat.task import PAGES, has_pages


class ViewPlugin(AirflowPlugin):
    """Serves the pages, and names them in the navigation (Airflow 3.1.1 and later).

    https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/plugins.html
    """

    name = "hybrid_view"
    external_views = (
        [{"name": "Events", "href": f"{PAGES}/", "destination": "nav", "url_route": "hybrid-events"}]
        if has_pages()
        else []
    )

    @cached_property
    def fastapi_apps(self) -> list[Any]:  # type: ignore[override]
        """The app with the pages. Only the API server asks for it, so no other process imports it."""
        if not has_pages():
            return []
        from airflow_provider_hybrid.web.app import create_app

        return [{"app": create_app(), "url_prefix": PAGES, "name": "Events"}]
