"""What the pages ask of Airflow's API server: who is logged in, and what they may see.

The names are there from Airflow 3.1.1 on, where a browser is logged in on a plugin's pages, too.
"""

from __future__ import annotations

from typing import Annotated

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_asset, requires_access_view
from fastapi import Depends

may_see_plugins = Depends(requires_access_view(AccessView.PLUGINS))
"""Refuses whoever is not logged in (401), or may not see plugins (403)."""


may_see_assets = Depends(requires_access_asset("GET"))
"""Refuses whoever may not see assets (403)."""


def _readable_dags(user: GetUserDep) -> set[str]:
    # Airflow's own dependency looks for the auth manager in the app that it stands in, and finds none here.
    return set(get_auth_manager().get_authorized_dag_ids(user=user, method="GET"))


ReadableDags = Annotated[set[str], Depends(_readable_dags)]
"""The DAGs that the user may read."""
