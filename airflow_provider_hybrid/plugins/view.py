"""The item "Events" in Airflow's navigation."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from airflow import __version__ as airflow_version
from airflow.plugins_manager import AirflowPlugin
from packaging.version import Version

PREFIX = "/hybrid"

HAS_PAGES = Version(airflow_version) >= Version("3.1.1")
"""Whether a browser is logged in on a plugin's pages, too. Without pages the package works as with them."""


class ViewPlugin(AirflowPlugin):
    """Serves the pages, and names them in the navigation (Airflow 3.1.1 and later).

    https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/plugins.html
    """

    name = "hybrid_view"
    external_views = (
        [{"name": "Events", "href": f"{PREFIX}/", "destination": "nav", "url_route": "hybrid-events"}]
        if HAS_PAGES
        else []
    )

    @cached_property
    def fastapi_apps(self) -> list[Any]:  # type: ignore[override]
        """The app with the pages. Only the API server asks for it, so no other process imports it."""
        if not HAS_PAGES:
            return []
        from airflow_provider_hybrid.web.app import create_app

        return [{"app": create_app(), "url_prefix": PREFIX, "name": "Events"}]
