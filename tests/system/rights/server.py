"""An API server alone, over a database with two dispatchers, and the people who log in to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import httpx

from tests.harness.airflow import Airflow
from tests.harness.environment import PROJECT
from tests.system.rights.people import SIMPLE, STRANGER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

DAGS = PROJECT / "tests" / "system" / "rights" / "dags"

AuthManager = Literal["simple", "fab"]

FAB = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"


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
        environ = {"AIRFLOW__CORE__AUTH_MANAGER": FAB} if auth_manager == "fab" else {}
        super().__init__(home, DAGS, environ=environ, people=SIMPLE)

    def migrate(self) -> None:
        """Create the database with all that is in it: people, dispatchers and their record."""
        super().migrate()
        if self.auth_manager == "fab":
            self.run("tests.system.rights.enrol")
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
