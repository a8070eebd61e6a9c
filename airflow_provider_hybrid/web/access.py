"""The dispatchers that a user may see."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from airflow_provider_hybrid.compat.web import ReadableDags
from airflow_provider_hybrid.view.dispatchers import dispatchers


def _visible(readable: ReadableDags) -> dict[str, str]:
    return {dag_id: variable for dag_id, variable in sorted(dispatchers().items()) if dag_id in readable}


Visible = Annotated[dict[str, str], Depends(_visible)]
"""The Variable of each dispatcher that the user may read, by DAG id. Of others a page shows nothing."""
