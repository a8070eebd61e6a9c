"""What the pages ask of Airflow's API server: who is logged in, and what they may do.

The names are there from Airflow 3.1.1 on, where a browser is logged in on a plugin's pages, too.
"""

from __future__ import annotations

from typing import Annotated, Any

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import AccessView, DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_asset, requires_access_view
from airflow.configuration import conf
from airflow.models.dag import DagModel
from fastapi import Depends

may_see_plugins = Depends(requires_access_view(AccessView.PLUGINS))
"""Refuses whoever is not logged in (401), or may not see plugins (403)."""

may_see_assets = Depends(requires_access_asset("GET"))
"""Refuses whoever may not see assets (403)."""


class Person:
    """Somebody who is logged in, and what they may do with a DAG.

    Args:
        user: The user, as the auth manager of this Airflow knows them.
    """

    def __init__(self, user: Any) -> None:
        self._user = user

    @property
    def name(self) -> str:
        """The name by which Airflow's audit log knows them."""
        return str(self._user.get_name())

    def may_trigger(self, dag_id: str) -> bool:
        """Say whether they may start runs of a DAG."""
        return self._may("POST", dag_id, DagAccessEntity.RUN)

    def may_edit(self, dag_id: str) -> bool:
        """Say whether they may change a DAG, for example pause it."""
        return self._may("PUT", dag_id, None)

    def _may(self, method: Any, dag_id: str, entity: DagAccessEntity | None) -> bool:
        details = DagDetails(id=dag_id, team_name=DagModel.get_team_name(dag_id))
        return bool(
            get_auth_manager().is_authorized_dag(
                method=method, access_entity=entity, details=details, user=self._user
            )
        )


def person(user: GetUserDep) -> Person:
    """Return who is logged in; a dependency of FastAPI."""
    return Person(user)


LoggedIn = Annotated[Person, Depends(person)]
"""Who is logged in. Without a log-in the answer is 401."""


def _readable_dags(user: GetUserDep) -> set[str]:
    # Airflow's own dependency looks for the auth manager in the app that it stands in, and finds none here.
    return set(get_auth_manager().get_authorized_dag_ids(user=user, method="GET"))


ReadableDags = Annotated[set[str], Depends(_readable_dags)]
"""The DAGs that the user may read."""


def base_url() -> str:
    """Return Airflow's address, as the installation's settings have it; empty if they do not."""
    return str(conf.get("api", "base_url", fallback=""))
