"""An API server alone, over a database with two dispatchers, and the people who log in to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar, Literal

import httpx

from tests.harness.airflow import USER, Airflow
from tests.harness.environment import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

DAGS = PROJECT / "tests" / "system" / "rights" / "dags"

AuthManager = Literal["simple", "fab"]

FAB = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"

STRANGER = "stranger"
"""Somebody who has not logged in."""

ROLES: Mapping[AuthManager, Mapping[str, str]] = {
    "simple": {"guest": "", "viewer": "viewer", "user": "user", "op": "op", USER: "admin"},
    "fab": {
        "guest": "Public",
        "reader": "Reader",
        "reader_without_plugins": "ReaderWithoutPlugins",
        "viewer": "Viewer",
        "user": "User",
        "op": "Op",
        USER: "Admin",
    },
}
"""The role of each person. The one called guest may log in, and nothing else."""

_FAB_ROLES = [
    {"name": "Reader", "resource": "Plugins", "action": "can_read"},
    {"name": "ReaderWithoutPlugins", "resource": "", "action": ""},
]
"""Roles beside FAB's own. The `access_control` of a dispatcher gives both the right to read it."""


class Server(Airflow):
    """Airflow's API server with one of its auth managers."""

    commands: ClassVar[Mapping[str, Sequence[str]]] = {"api-server": Airflow.commands["api-server"]}

    def __init__(self, home: Path, auth_manager: AuthManager) -> None:
        """Describe it; ``start`` starts it.

        Args:
            home: The AIRFLOW_HOME, with a database in SQLite.
            auth_manager: Who knows the people.
        """
        self.auth_manager = auth_manager
        fab = {
            "AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
        }
        people = ROLES["simple"] if auth_manager == "simple" else None
        super().__init__(home, DAGS, environ=fab if auth_manager == "fab" else None, people=people)

    def migrate(self) -> None:
        """Create the database with all that is in it: people, dispatchers and their record."""
        super().migrate()
        if self.auth_manager == "fab":
            self.run("airflow", "roles", "import", self._file("roles", _FAB_ROLES))
            self.run("airflow", "users", "import", self._file("users", self._fab_users()))
        self.run("airflow", "dags", "reserialize")
        self.run("tests.system.rights.fill")

    def healthy(self, since: datetime | None = None) -> bool:
        """Whether it answers; no other component is there."""
        try:
            return self.get("/api/v2/version").is_success
        except httpx.TransportError:
            return False

    def browser(self, person: str) -> httpx.Client:
        """Return a browser in which somebody has logged in: Airflow's cookie is all that it sends."""
        client = httpx.Client(base_url=f"{self.base_url}/hybrid", trust_env=False, timeout=60)
        if person != STRANGER:
            client.cookies.set("_token", self.api(person).token)
        return client

    def _fab_users(self) -> list[dict[str, object]]:
        return [
            {
                "username": person,
                "email": f"{person}@example.org",
                "firstname": person,
                "lastname": person,
                "roles": [role],
                "password": self.password,
            }
            for person, role in ROLES["fab"].items()
        ]

    def _file(self, name: str, content: object) -> str:
        path = self.home / f"{name}.json"
        path.write_text(json.dumps(content))
        return str(path)
