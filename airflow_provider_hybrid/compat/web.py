"""What the pages ask of Airflow's API server: who is logged in, and what they may see.

The names are there from Airflow 3.1.1 on, where a browser is logged in on a plugin's pages, too.
"""

from __future__ import annotations

from typing import Annotated

from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
from airflow.api_fastapi.core_api.security import ReadableDagsFilterDep, requires_access_view
from fastapi import Depends

may_see_plugins = Depends(requires_access_view(AccessView.PLUGINS))
"""Refuses whoever is not logged in (401), or may not see plugins (403)."""


def _readable_dags(permitted: ReadableDagsFilterDep) -> set[str]:
    return permitted.value or set()


ReadableDags = Annotated[set[str], Depends(_readable_dags)]
"""The DAGs that the user may read."""
